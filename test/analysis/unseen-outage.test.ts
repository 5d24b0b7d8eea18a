import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestUnseen } from "../../src/analysis/unseen-outage.ts";
import type { Sample, SampleResult } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";

const FAULT_MS = 5000;
/** Of sums of doubles. */
const ROUNDING_MS = 1e-6;
const good: SampleResult = { kind: "good", instance: null };

const sampleOf = (seq: number, [started_ms, ended_ms]: readonly [number, number]): Sample => ({
  seq,
  trial: "t",
  target: "desktop",
  scheduled_ms: started_ms,
  started_ms,
  ended_ms,
  result: good,
});

const samplesOf = (...attempts: readonly (readonly [number, number])[]): readonly Sample[] =>
  attempts.map((attempt, seq) => sampleOf(seq, attempt));

/** All attempts are good: those that meet a desktop that stands still wait for it. */
const standstill = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    period_ms: fc.constantFrom(100, 250, 1000),
    at_ms: fc.double({ min: 0, max: 2000, noNaN: true }),
    length_ms: fc.double({ min: 0, max: 1900, noNaN: true }),
  })
  .map(({ seed, period_ms, at_ms, length_ms }) => {
    const random = new SeededRandom(seed);
    const from_ms = FAULT_MS + at_ms;
    const samples: Sample[] = [];
    for (let seq = 0; seq * period_ms < FAULT_MS + 8000; seq++) {
      const started_ms = seq * period_ms + random.next();
      // Its answer is due when the desktop has been asked for the last time.
      const asked_ms = started_ms + 40 * random.next();
      const stands = asked_ms >= from_ms && asked_ms < from_ms + length_ms;
      samples.push(sampleOf(seq, [started_ms, stands ? from_ms + length_ms : asked_ms]));
    }
    return { period_ms, length_ms, samples };
  });

describe("longestUnseen", () => {
  it("is no shorter than any standstill that attempts have waited through", () => {
    fc.assert(
      fc.property(standstill, ({ period_ms, length_ms, samples }) => {
        const longest = longestUnseen(samples, FAULT_MS) ?? Number.NaN;
        expect(longest).toBeGreaterThanOrEqual(length_ms - ROUNDING_MS);
        expect(longest).toBeLessThanOrEqual(length_ms + period_ms + 42);
      }),
      { seed: 20_261_130, numRuns: 400 },
    );
  });

  it("knows a VM that stood still for 1.8 s from one that did not", () => {
    const quick = samplesOf([5000, 5020], [5250, 5270], [5500, 5520]);
    expect(longestUnseen(quick, FAULT_MS)).toBe(270);
    const slow = samplesOf([5000, 5020], [5250, 7050], [5500, 7051], [7100, 7120]);
    expect(longestUnseen(slow, FAULT_MS)).toBe(2050);
  });

  it("counts in what was not observed, or failed, and leaves out what was over before the fault", () => {
    const gap = samplesOf([1000, 3000], [3250, 3270], [4900, 5020], [5250, 5270], [5500, 5520]);
    expect(longestUnseen(gap, FAULT_MS)).toBe(1770);
    const silent = gap.map((sample): Sample =>
      sample.seq === 3
        ? { ...sample, result: { kind: "unobserved", why: "late", detail: "" } }
        : sample,
    );
    expect(longestUnseen(silent, 5200)).toBe(620);
  });

  it("knows nothing of fewer than two good attempts", () => {
    expect(longestUnseen(samplesOf([5000, 5020]), FAULT_MS)).toBeNull();
    expect(longestUnseen(samplesOf([1000, 1020], [1250, 1270]), FAULT_MS)).toBeNull();
  });
});
