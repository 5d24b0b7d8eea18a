import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSshEcho } from "../../../src/clients/ssh/ssh-echo.ts";
import { readClocks } from "../../../src/clusters/survey/read-clocks.ts";
import { surveyNodes } from "../../../src/clusters/survey/survey-nodes.ts";
import type { SshAccess } from "../../../src/model/inventory.ts";
import type { Finding } from "../../../src/model/survey.ts";
import { readOwnMachine } from "../../../src/platform/own-machine.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { requires } from "../../support/requires.ts";

const needed = requires({ sshd: "openssh-server", "ssh-keygen": "openssh-client" });

/** A server that nobody here wrote, on this very machine, as root: the tool runs on the node that it would kill. */
describe.skipIf(needed.skip)(`what asks nodes, and OpenSSH${needed.note}`, () => {
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

  const access = (hostKey: string): SshAccess => ({
    host: "127.0.0.1",
    port,
    user: "root",
    key: { kind: "file", path: file("user") },
    host_key: hostKey,
  });
  async function survey(hostKey: string): Promise<readonly Finding[]> {
    const ssh = access(hostKey);
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

  it("echo beats over a session that is kept open, and show their clock", async () => {
    const clock = new SystemClock();
    const secrets = { resolve: async () => readFileSync(file("user"), "utf8") };
    const never = new AbortController().signal;
    const echo = await openSshEcho(access(shown()), { clock, secrets, signal: never });
    let echoed = 0;
    for (let beats = 0; beats < 20; beats++) {
      expect(echo.beat(() => (echoed += 1))).toBe(true);
    }
    await expect.poll(() => echoed).toBe(20);
    echo.close();
    expect([echo.isOpen, echo.beat(() => undefined)]).toEqual([false, false]);
    const nodes = [{ name: "here", address: null, ssh: access(shown()), bmc: null }];
    const read = await readClocks({ nodes, hosts: [], answerOf }, { clock, secrets }, never);
    const [low, high] = read.clocks[0]?.offset_ms ?? [1, -1];
    // The same machine: no offset, within what asking takes and a wall clock's milliseconds.
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(-2);
    expect(high - low).toBeLessThan(200);
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

const answerOf = async () => await Promise.reject(new Error("there is no API"));

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
