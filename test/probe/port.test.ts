import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { OperatingError } from "../../src/base/errors.ts";
import type { TcpEndpoint } from "../../src/contracts/endpoint.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { attemptAt, resultAt, secrets } from "./attempts.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that says nothing, and what came to it. */
async function port(): Promise<{ number: number; open: () => number; bytes: () => number }> {
  const seen = { open: 0, bytes: 0 };
  const server = createServer((socket) => {
    seen.open += 1;
    socket.on("data", (data) => (seen.bytes += data.length));
    socket.on("error", () => undefined);
    socket.on("close", () => (seen.open -= 1));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    server.close();
    await once(server, "close");
  });
  const { port: number } = server.address() as AddressInfo;
  return { number, open: () => seen.open, bytes: () => seen.bytes };
}

const at = (number: number): TcpEndpoint => ({
  kind: "tcp",
  address: () => ({ host: "127.0.0.1", port: number }),
});

describe("an attempt at a bare port", () => {
  it("is good as soon as TCP is, whatever depth was asked for, and says not a byte", async () => {
    const server = await port();
    const { result } = await attemptAt(at(server.number), { depth: "frame" });
    expect(result).toEqual({ kind: "good", instance: null });
    await expect.poll(() => server.open()).toBe(0);
    expect(server.bytes()).toBe(0);
  });

  it("is bad when nobody listens there", async () => {
    const server = await port();
    for (const close of closers.splice(0)) await close();
    expect(await resultAt(at(server.number))).toEqual({
      kind: "bad",
      reached: null,
      failure: { kind: "refused" },
    });
  });

  it("is unobserved, not bad, when there is nobody to try", async () => {
    const endpoint: TcpEndpoint = {
      kind: "tcp",
      address: () => {
        throw new OperatingError("unreachable", "every API host is on the victim");
      },
    };
    expect(await resultAt(endpoint)).toEqual({
      kind: "unobserved",
      why: "prober-error",
      detail: "there was nobody to try: every API host is on the victim",
    });
  });

  it("keeps the grid that was asked for", () => {
    const probe = createProbe({ clock: new SystemClock(), secrets });
    const spec = {
      depth: "frame" as const,
      period_ms: 250,
      connect_timeout_ms: 1000,
      attempt_timeout_ms: 2000,
      max_in_flight: 16,
      consecutive: 4,
    };
    expect(probe.effective(spec, at(1))).toEqual({
      period: 250e6,
      connectTimeout: 1000e6,
      attemptTimeout: 2000e6,
    });
  });
});
