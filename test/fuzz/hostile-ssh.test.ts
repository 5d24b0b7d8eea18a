import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { hostKeySeen } from "../../src/clients/ssh/host-key-seen.ts";
import { sshPulse } from "../../src/clients/ssh/ssh-pulse.ts";
import { sshRun } from "../../src/clients/ssh/ssh-run.ts";
import { quickClock } from "../clients/quick-clock.ts";
import { startMiniSshd, user } from "../clients/ssh/mini-sshd.ts";
import { grownDuring } from "./support/footprint.ts";
import { valueOrOperatingError } from "./support/outcome.ts";

const MOST_GROWN = 200_000_000;
const never = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
  return (server.address() as AddressInfo).port;
}

function flood(socket: Socket, piece: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

const manners: Readonly<Record<string, (socket: Socket) => void>> = {
  "says nothing": (socket) => void socket.resume(),
  "hangs up at once": (socket) => socket.resetAndDestroy(),
  "greets and says no more": (socket) => void socket.write("SSH-2.0-x\r\n"),
  "trickles its greeting": (socket) => {
    const timer = setInterval(() => socket.write("S"), 5);
    socket.on("close", () => clearInterval(timer));
  },
  "floods before its greeting": (socket) => flood(socket, "hello\r\n".repeat(5000)),
  "floods with a line without end": (socket) => flood(socket, "x".repeat(65_536)),
  "floods after its greeting": (socket) => {
    socket.write("SSH-2.0-x\r\n");
    flood(socket, Buffer.alloc(65_536, 0xff));
  },
  "announces a huge packet": (socket) => {
    socket.write("SSH-2.0-x\r\n");
    flood(socket, Buffer.alloc(60_000, Buffer.from([0x7f, 0xff, 0xff, 0xff, 4, 20])));
  },
  // Padded to eight bytes: SSH_MSG_IGNORE, which is allowed at any time.
  "floods with what is to be ignored": (socket) => {
    socket.write("SSH-2.0-x\r\n");
    flood(socket, Buffer.alloc(64_000, Buffer.from([0, 0, 0, 12, 6, 2, ...Buffer.alloc(10)])));
  },
};

const accessTo = (port: number) => ({
  host: "127.0.0.1",
  port,
  user: "root",
  key: { kind: "env" as const, name: "KEY" },
  host_key: "insecure",
});
const tools = () => ({
  clock: quickClock(),
  secrets: { resolve: async (): Promise<string> => user.privateKey },
  signal: never,
});

describe("SSH ends in time, and small", () => {
  it.each(Object.entries(manners))("with a server that %s", async (_, misbehave) => {
    const port = await listen(misbehave);
    const grown = await grownDuring(async () => {
      const run = async (): Promise<unknown> => await sshRun(accessTo(port), "true", tools());
      expect(await valueOrOperatingError(run)).toBeInstanceOf(Error);
      const peer = { host: "127.0.0.1", port };
      const limit = AbortSignal.timeout(500);
      await hostKeySeen(peer, limit).catch(() => undefined);
      expect(["answers", "silent", "refused"]).toContain(await sshPulse(peer, quickClock(), never));
    });
    expect(grown).toBeLessThan(MOST_GROWN);
  });

  it("with a server whose words are damaged on their way, wherever that is", async () => {
    const sshd = await startMiniSshd(() => ({ code: 0, stdout: "x".repeat(20_000) }));
    closing.push(async () => await sshd.close());
    const printed: string[] = [];
    // The last one is behind the end, so that one run is whole.
    const places = [...Array.from({ length: 25 }, (_, at) => at * 241), 1_000_000];
    for (const place of places) {
      const port = await listen((near) => {
        let passed = 0;
        const far = connect(sshd.port, "127.0.0.1");
        far.on("error", () => near.destroy()).on("close", () => near.destroy());
        near.on("close", () => far.destroy());
        near.on("data", (piece: Buffer) => far.write(piece));
        far.on("data", (piece: Buffer) => {
          const at = place - passed;
          passed += piece.length;
          if (at >= 0 && at < piece.length) piece.writeUInt8(piece.readUInt8(at) ^ 0x41, at);
          near.write(piece);
        });
      });
      const run = async (): Promise<unknown> => await sshRun(accessTo(port), "true", tools());
      const outcome = await valueOrOperatingError(run);
      // Damage before the keys are agreed on may go unnoticed where it is of no account; never in what was printed.
      if (outcome instanceof Error) continue;
      const { kind, stdout = "" } = outcome as { kind: string; stdout?: string };
      if (kind === "exited") printed.push(stdout);
    }
    expect(new Set(printed)).toEqual(new Set(["x".repeat(20_000)]));
  });
});
