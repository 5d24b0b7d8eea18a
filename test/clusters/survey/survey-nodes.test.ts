import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { surveyNodes } from "../../../src/clusters/survey/survey-nodes.ts";
import type { NodeAccess } from "../../../src/model/inventory.ts";
import type { Finding } from "../../../src/model/survey.ts";
import { quickClock } from "../../clients/quick-clock.ts";
import { startMiniSshd, user } from "../../clients/ssh/mini-sshd.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const clock = quickClock(100);
const own = { boot_id: "ours", machine_id: "m", addresses: [], gateways: [], login_from: null };
const secrets = { resolve: async () => user.privateKey };

const node = (port: number, hostKey: string): NodeAccess => ({
  name: "pve1",
  address: null,
  ssh: {
    host: "127.0.0.1",
    port,
    user: "root",
    key: { kind: "env", name: "K" },
    host_key: hostKey,
  },
  bmc: null,
});

async function startNode(id: string): Promise<{ port: number; fingerprint: string }> {
  const server = await startMiniSshd(() => {
    const date = clock.wall().toMillis() / 1000;
    const said = `blackout-user\n${id}\nblackout-boot\ntheirs\nblackout-date\n${date}\n`;
    return { code: 0, stdout: said };
  });
  closing.push(async () => await server.close());
  return server;
}

const survey = async (access: NodeAccess): Promise<readonly Finding[]> =>
  (await surveyNodes([access], { clock, secrets, own, resolve: async (host) => [host] })).findings;
const level = (findings: readonly Finding[], topic: string) =>
  findings.find((each) => each.topic === topic)?.level ?? "nothing";

describe("surveyNodes over SSH", () => {
  it("is content with a root login and the pinned key, and reads the node's clock", async () => {
    const { port, fingerprint } = await startNode("0");
    const findings = await survey(node(port, fingerprint));
    expect(level(findings, "ssh")).toBe("ok");
    expect(level(findings, "clock")).toBe("ok");
    expect(level(findings, "here")).toBe("nothing");
  });

  it("refuses a key that is not the pinned one, and proposes the one that was shown", async () => {
    const { port, fingerprint } = await startNode("0");
    const [found] = await survey(node(port, `SHA256:${"A".repeat(43)}`));
    expect(found).toMatchObject({ topic: "ssh", level: "problem" });
    expect(found?.paste).toEqual({ nodes: { pve1: { ssh: { host_key: fingerprint } } } });
    expect(found?.needs).toContain("ssh-keygen -lf");
  });

  it("proposes the key where the inventory trusts any, without calling it a problem", async () => {
    const { port, fingerprint } = await startNode("0");
    const [found] = await survey(node(port, "insecure"));
    expect(found).toMatchObject({ topic: "ssh", level: "note" });
    expect(found?.paste).toEqual({ nodes: { pve1: { ssh: { host_key: fingerprint } } } });
  });

  it("wants root", async () => {
    const { port, fingerprint } = await startNode("1000");
    const [found] = await survey(node(port, fingerprint));
    expect(found).toMatchObject({ level: "problem" });
    expect(found?.saw).toContain("user 1000");
  });

  it("takes a server that accepts and then says nothing for a problem, after a while", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    });
    const { port } = server.address() as AddressInfo;
    const findings = await survey(node(port, "insecure"));
    expect(findings.map(({ topic, level: how }) => `${topic} ${how}`)).toEqual(["ssh problem"]);
  });
});
