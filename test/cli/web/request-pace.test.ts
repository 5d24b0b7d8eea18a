import { describe, expect, it } from "vitest";
import { inMs, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { RequestPace } from "../../../src/cli/web/request-pace.ts";
import type { UpdateRequest } from "../../../src/cli/web/view-filter.ts";
import { updateRequest } from "../../../src/cli/web/view-filter.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const piece = (x: number, incremental = true): UpdateRequest => ({
  incremental,
  x,
  y: 0,
  width: 10,
  height: 10,
});

interface Sent {
  readonly at_ms: number;
  readonly request: UpdateRequest;
}

async function paced(
  act: (pace: RequestPace, clock: VirtualClock, signal: AbortSignal) => Promise<void>,
): Promise<readonly Sent[]> {
  const clock = new VirtualClock();
  const sent: Sent[] = [];
  const { signal } = new AbortController();
  const pace = new RequestPace(clock, signal, (request) => {
    sent.push({ at_ms: inMs(sinceOrigin(clock.now())), request });
  });
  await clock.runUntilSettled(act(pace, clock, signal));
  return sent;
}

describe("RequestPace", () => {
  it("asks five times a second, however often it is wished", async () => {
    const sent = await paced(async (pace, clock, signal) => {
      for (let count = 0; count < 95; count++) {
        pace.ask(piece(0));
        await clock.sleep(seconds(0.01), signal);
      }
    });
    expect(sent.map(({ at_ms }) => at_ms)).toEqual([0, 200, 400, 600, 800]);
  });

  it("asks for no more than RFB can say, whatever a browser's pieces add up to", async () => {
    const sent = await paced(async (pace, clock, signal) => {
      pace.ask(piece(0));
      await clock.sleep(seconds(0.05), signal);
      pace.ask({ incremental: true, x: 65_535, y: 0, width: 65_535, height: 65_535 });
      pace.ask(piece(0));
      await clock.sleep(seconds(1), signal);
    });
    const last = sent.at(-1)?.request;
    expect(last).toMatchObject({ x: 0, width: 65_535, height: 65_535 });
    expect(() => last && updateRequest(last)).not.toThrow();
  });

  it("asks together what waits, for all of it where one wants all", async () => {
    const sent = await paced(async (pace, clock, signal) => {
      pace.ask(piece(0));
      await clock.sleep(seconds(0.05), signal);
      pace.ask(piece(100));
      pace.ask(piece(20, false));
      await clock.sleep(seconds(1), signal);
    });
    expect(sent.at(-1)?.request).toEqual({
      incremental: false,
      x: 20,
      y: 0,
      width: 90,
      height: 10,
    });
  });

  it("waits longer after much has come: four megabytes a second", async () => {
    const sent = await paced(async (pace, clock, signal) => {
      pace.ask(piece(0));
      await clock.sleep(seconds(0.01), signal);
      pace.received(8_000_000);
      pace.ask(piece(0));
      await clock.sleep(seconds(4), signal);
    });
    expect(sent.map(({ at_ms }) => at_ms)).toEqual([0, 2200]);
  });
});
