import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { novncAt } from "../../bench/play/watch-desktop.ts";
import type { Manner } from "../../bench/player/outage.ts";
import { PlayedDesktop, PORT } from "../../bench/player/played-desktop.ts";
import type { SpanNs } from "../../bench/player/truth.ts";
import { machineNs } from "../../bench/player/truth.ts";
import type { LabNetwork } from "../../src/lab/network/network.ts";
import { createLabNetwork } from "../../src/lab/network/create-network.ts";
import type { Failure } from "../../src/model/sample.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { attemptAt, resultAt } from "../probe/attempts.ts";

const good = { kind: "good", instance: "played desktop" };
/** An attempt that nobody answers is given up soon. */
const SOON = { connect_ms: 150, attempt_ms: 300 };

let network: LabNetwork;
let machines = 0;
beforeAll(async () => {
  network = await createLabNetwork(new SystemClock());
});
afterAll(async () => await network.close());

async function desktop(answer_ms = 0): Promise<PlayedDesktop> {
  const played = new PlayedDesktop(await network.addHost(`m${machines++}`), answer_ms);
  await played.open();
  return played;
}

const endpointOf = (played: PlayedDesktop): ReturnType<typeof novncAt> =>
  novncAt(played.address, PORT);

interface Case {
  readonly manner: Manner;
  readonly reached: string | null;
  readonly failure: Failure;
}

const cases: readonly Case[] = [
  { manner: { kind: "refused" }, reached: null, failure: { kind: "refused" } },
  {
    manner: { kind: "silent" },
    reached: null,
    failure: { kind: "timed-out", during: "tcp" },
  },
  { manner: { kind: "mute" }, reached: "tcp", failure: { kind: "timed-out", during: "http" } },
  {
    manner: { kind: "http-error", status: 502 },
    reached: "tcp",
    failure: { kind: "http-status", status: 502 },
  },
  {
    manner: { kind: "http-error", status: 503 },
    reached: "tcp",
    failure: { kind: "http-status", status: 503 },
  },
  {
    manner: { kind: "vnc-down" },
    reached: "websocket",
    failure: {
      kind: "websocket-close",
      code: 1011,
      reason: "Failed to connect to downstream server",
    },
  },
  {
    manner: { kind: "frozen", thaws: false },
    reached: "rfb",
    failure: { kind: "timed-out", during: "frame" },
  },
];

const within = (span: SpanNs, from: number): void => {
  expect(span[0]).toBeGreaterThanOrEqual(from);
  expect(span[1]).toBeGreaterThanOrEqual(span[0]);
  expect(machineNs()).toBeGreaterThanOrEqual(span[1]);
};

describe("PlayedDesktop", () => {
  for (const { manner, reached, failure } of cases) {
    const name = manner.kind === "http-error" ? `${manner.status}` : manner.kind;
    it(`shows a picture, is ${name} when struck, and shows it again, saying when`, async () => {
      const played = await desktop();
      const endpoint = endpointOf(played);
      expect(await resultAt(endpoint)).toEqual(good);

      const beforeStrike = machineNs();
      within(await played.strike(manner), beforeStrike);
      expect(await resultAt(endpoint, SOON)).toEqual({ kind: "bad", reached, failure });

      const beforeReturn = machineNs();
      within(await played.recover(), beforeReturn);
      expect(await resultAt(endpoint)).toEqual(good);
    });
  }

  it("resets whoever is connected when struck, and whoever comes after", async () => {
    const played = await desktop(200);
    const early = resultAt(endpointOf(played));
    await soon(30);
    await played.strike({ kind: "reset" });
    const reset = { kind: "bad", failure: { kind: "reset" } };
    expect(await early).toMatchObject(reset);
    expect(await resultAt(endpointOf(played))).toMatchObject(reset);
    await played.recover();
    expect(await resultAt(endpointOf(played))).toEqual(good);
  });

  it("never answers who came while it was mute, though it answers others again", async () => {
    const played = await desktop();
    await played.strike({ kind: "mute" });
    const early = resultAt(endpointOf(played), { attempt_ms: 700, connect_ms: 500 });
    await soon(100);
    await played.recover();
    expect(await resultAt(endpointOf(played))).toEqual(good);
    expect(await early).toMatchObject({ kind: "bad", failure: { kind: "timed-out" } });
  });

  it("pays what it owes when it thaws, and forgets it when it does not", async () => {
    const played = await desktop();
    const owed = async (thaws: boolean): Promise<string> => {
      await played.strike({ kind: "frozen", thaws });
      const early = resultAt(endpointOf(played), { attempt_ms: 700, connect_ms: 500 });
      await soon(200);
      await played.recover();
      return (await early).kind;
    };
    expect(await owed(true)).toBe("good");
    expect(await owed(false)).toBe("bad");
  });

  it("answers late where it is slow, and an answer that is due when it is struck never comes", async () => {
    const played = await desktop(200);
    const began = performance.now();
    expect(await resultAt(endpointOf(played))).toEqual(good);
    expect(performance.now() - began).toBeGreaterThan(190);

    const early = attemptAt(endpointOf(played), { attempt_ms: 600, connect_ms: 500 });
    await soon(30);
    await played.strike({ kind: "mute" });
    expect((await early).result).toMatchObject({ kind: "bad", failure: { kind: "timed-out" } });
  });
});

async function soon(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
