import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { surveyNodes } from "../../../src/clusters/survey/survey-nodes.ts";
import type { Finding } from "../../../src/model/survey.ts";
import { readOwnMachine } from "../../../src/platform/own-machine.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";

const needed = requires({ sshd: "openssh-server", "ssh-keygen": "openssh-client" });

/** A server that nobody here wrote, on this very machine, as root: the tool runs on the node that it would kill. */
describe.skipIf(needed.skip)(`surveyNodes and OpenSSH${needed.note}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "blackout-check-sshd-"));
  const file = (name: string): string => join(folder, name);
  let sshd: ChildProcess;
  let port: number;

  beforeAll(async () => {
    for (const name of ["host", "user"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(name)]);
    }
    mkdirSync("/run/sshd", { recursive: true });
    port = await freePort();
    const config = [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file("host")}`,
      `AuthorizedKeysFile ${file("user.pub")}`,
      "PermitRootLogin prohibit-password",
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
    ];
    writeFileSync(file("config"), `${config.join("\n")}\n`);
    sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", file("config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    for await (const said of sshd.stderr ?? []) if (String(said).includes("listening")) break;
  });
  afterAll(async () => {
    const ended = once(sshd, "exit");
    sshd.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  async function survey(hostKey: string): Promise<readonly Finding[]> {
    const ssh = {
      host: "127.0.0.1",
      port,
      user: "root",
      key: { kind: "file", path: file("user") },
      host_key: hostKey,
    } as const;
    const { findings } = await surveyNodes([{ name: "here", address: null, ssh, bmc: null }], {
      clock: new SystemClock(),
      secrets: { resolve: async () => readFileSync(file("user"), "utf8") },
      own: await readOwnMachine(),
      resolve: async (host) => [host],
    });
    return findings;
  }
  const shown = (): string =>
    execFileSync("ssh-keygen", ["-lf", file("host.pub")], { encoding: "utf8" }).split(" ")[1] ?? "";

  it("propose the very fingerprint that ssh-keygen prints", async () => {
    const paste = { nodes: { here: { ssh: { host_key: shown() } } } };
    const [open] = await survey("insecure");
    expect(open).toMatchObject({ topic: "ssh", level: "note", paste });
    const [wrong] = await survey(`SHA256:${"A".repeat(43)}`);
    expect(wrong).toMatchObject({ topic: "ssh", level: "problem", paste });
  });

  it("log in as root, read the clock closely, and know this machine", async () => {
    const findings = await survey(shown());
    expect(findings.map(({ topic, level }) => `${topic} ${level}`)).toEqual([
      "ssh ok",
      "clock ok",
      "here problem",
    ]);
    expect(findings[2]?.saw).toContain("boot_id");
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}
