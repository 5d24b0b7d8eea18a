import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NovncEndpoint } from "../../src/contracts/endpoint.ts";
import { answerChallenge } from "../../src/probe/rfb/vnc-authentication.ts";
import { requires } from "../support/requires.ts";
import { attemptAt, novnc, password } from "./attempts.ts";

const needed = requires({
  Xtigervnc: "tigervnc-standalone-server",
  websockify: "websockify",
});
/** The fixed key that VNC servers keep their password under: hidden, not secret. */
const PASSWORD_FILE_KEY = String.fromCharCode(23, 82, 107, 6, 35, 78, 88, 7);
const PASSWORD = "secret12";

describe.skipIf(needed.skip)(`probe against Xtigervnc behind websockify${needed.note}`, () => {
  let folder = "";
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blackout-xvnc-"));
    await writeFile(join(folder, "vnc.html"), "<title>noVNC</title>");
    const block = Buffer.alloc(16);
    block.write(PASSWORD);
    const hidden = answerChallenge(block, PASSWORD_FILE_KEY).subarray(0, 8);
    await writeFile(join(folder, "passwd"), hidden, { mode: 0o600 });
  });
  afterAll(async () => {
    for (const child of started.toReversed()) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    await rm(folder, { recursive: true });
  });

  const run = (program: string, arguments_: string[]): void => {
    started.push(spawn(program, arguments_, { stdio: "ignore", cwd: folder }));
  };

  /** `-retro` gives the root window a pattern; without it the screen is black. */
  async function desktop(display: number, ...options: string[]): Promise<NovncEndpoint> {
    const rfb = await freePort();
    const web = await freePort();
    const server = ["-rfbport", `${rfb}`, "-localhost", "-geometry", "800x600", "-desktop"];
    run("Xtigervnc", [`:${display}`, ...server, `probe-${display}`, ...options]);
    await answering(rfb);
    run("websockify", ["--web", folder, `127.0.0.1:${web}`, `127.0.0.1:${rfb}`]);
    await answering(web);
    const base = `127.0.0.1:${web}`;
    return novnc(
      { page_url: `http://${base}/vnc.html`, websocket_url: `ws://${base}/websockify` },
      { vnc_password: password(PASSWORD) },
    );
  }
  const withPassword = ["-SecurityTypes", "VncAuth", "-PasswordFile", "passwd"];

  it("makes 50 attempts with a password, all good, and locks nobody out", async () => {
    const endpoint = await desktop(71, "-retro", ...withPassword);
    for (let count = 0; count < 50; count++) {
      const { result } = await attemptAt(endpoint);
      expect(result).toMatchObject({
        kind: "good",
        instance: expect.stringContaining("probe-71"),
      });
    }
  });

  it("makes 20 attempts as deep as the WebSocket, and locks nobody out either", async () => {
    const endpoint = await desktop(72, "-retro", ...withPassword);
    for (let count = 0; count < 20; count++) await attemptAt(endpoint, { depth: "websocket" });
    expect((await attemptAt(endpoint)).result).toMatchObject({ kind: "good" });
  });

  it("notices that it was locked out after wrong passwords", async () => {
    const right = await desktop(73, "-retro", ...withPassword);
    const wrong = { ...right, vnc_password: password("wrong") };
    const refusals: unknown[] = [];
    for (let count = 0; count < 7; count++) refusals.push((await attemptAt(wrong)).refusal);
    expect(refusals[0]).toBe("not-admitted");
    expect(refusals.at(-1)).toBe("locked-out");
  });

  it("calls a screen without a desktop uniform", async () => {
    const endpoint = await desktop(74, "-SecurityTypes", "None");
    expect((await attemptAt(endpoint)).result).toMatchObject({
      kind: "bad",
      reached: "rfb",
      failure: { kind: "uniform-frame" },
    });
  });

  it("says 1011 while the VNC server is down behind its websockify", async () => {
    const endpoint = await desktop(75, "-retro", "-SecurityTypes", "None");
    expect((await attemptAt(endpoint)).result).toMatchObject({ kind: "good" });
    const server = started.at(-2);
    server?.kill();
    if (server !== undefined) await once(server, "exit");
    const { result } = await attemptAt(endpoint);
    expect(result).toMatchObject({
      reached: "websocket",
      failure: { kind: "websocket-close", code: 1011 },
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** One TCP connection only, since Xvnc counts them. */
async function answering(port: number): Promise<void> {
  await expect
    .poll(
      async () =>
        await new Promise((resolve) => {
          const socket = connect(port, "127.0.0.1", () => {
            socket.destroy();
            resolve(true);
          }).on("error", () => resolve(false));
        }),
      { timeout: 15_000, interval: 50 },
    )
    .toBe(true);
}
