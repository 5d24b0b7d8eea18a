import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { present } from "../../../src/base/assert.ts";
import type { Span } from "../../../src/base/interval.ts";
import { spanFromMs, spanInMs } from "../../../src/base/interval.ts";
import { instantInMs, milliseconds } from "../../../src/base/time.ts";
import type { SshEcho } from "../../../src/clients/ssh/ssh-echo.ts";
import { Heartbeat } from "../../../src/faults/node/heartbeat.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { full } from "../a-scene.ts";
import { FakeNode } from "../fake-reach.ts";

const ONE_WAY = milliseconds(1);
/** The heartbeat has its first beats behind it, 100 ms apart, and goes on. */
const BEGUN_MS = 500;
const never = new AbortController().signal;

interface Fate {
  readonly dies_ms: number;
  /** This beat is lost on its way; null: none is. */
  readonly lost: number | null;
}

/**
 * A session over TCP: what was lost is sent again a round trip after the next beat has come through, which waits for it at
 * the other end.
 */
function sessionOf(clock: VirtualClock, fate: Fate): SshEcho {
  let isOpen = true;
  let beats = 0;
  const held: (() => void)[] = [];
  const arrive = (echoes: readonly (() => void)[]): void => {
    if (instantInMs(clock.now()) >= fate.dies_ms) return;
    for (const echoed of echoes) clock.queue.after(ONE_WAY, echoed);
  };
  return {
    get isOpen() {
      return isOpen;
    },
    beat: (echoed) => {
      const isLost = beats === fate.lost;
      beats += 1;
      if (isLost) held.push(echoed);
      else if (held.length > 0) {
        const late = [...held.splice(0), echoed];
        clock.queue.after(milliseconds(3), () => arrive(late));
      } else clock.queue.after(ONE_WAY, () => arrive([echoed]));
      return isOpen;
    },
    close: () => {
      isOpen = false;
    },
  };
}

/** What the beats make of a death that others have proven, two seconds after the last of the first beats. */
async function narrowed(fate: Fate, gone: (now_ms: number) => Span): Promise<Span> {
  const clock = new VirtualClock();
  const reach = Object.assign(new FakeNode(clock), { echo: async () => sessionOf(clock, fate) });
  const starting = Heartbeat.start(full, { reach, clock, signal: never });
  const heartbeat = present(await clock.runUntilSettled(starting), "a heartbeat");
  await clock.runUntilSettled(clock.sleep(milliseconds(2000), never));
  const span = heartbeat.narrow(gone(instantInMs(clock.now())));
  heartbeat.stop();
  return span;
}

const unnarrowed = (now_ms: number): Span => spanFromMs([0, now_ms]);

describe("Heartbeat", () => {
  it("holds the death of the victim, whichever one beat is lost before it", async () => {
    const fates = fc.record({
      dies_ms: fc.double({ min: BEGUN_MS, max: BEGUN_MS + 1000, noNaN: true }),
      lost: fc.option(fc.integer({ min: 5, max: 16 }), { nil: null }),
    });
    await fc.assert(
      fc.asyncProperty(fates, async (fate) => {
        const [earliest, latest] = spanInMs(await narrowed(fate, unnarrowed));
        expect(earliest).toBeLessThanOrEqual(fate.dies_ms);
        expect(latest).toBeGreaterThanOrEqual(fate.dies_ms);
        // A beat that was late counts as the slowest round trip from then on.
        expect(latest - earliest).toBeLessThanOrEqual(fate.lost === null ? 205 : 410);
      }),
      { seed: 20_261_130, numRuns: 100 },
    );
  });

  it("does not let a proof of before the last echo end the span where it begins", async () => {
    const early = await narrowed({ dies_ms: 1250, lost: null }, () => spanFromMs([0, 800]));
    expect(spanInMs(early)).toEqual([1200, 1404]);
  });

  it("bounds a death by now where nothing else does", async () => {
    const now = await narrowed({ dies_ms: 2350, lost: null }, () => spanFromMs([0, 800]));
    expect(spanInMs(now)).toEqual([2300, 2500]);
  });
});
