import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { edgesOf } from "../../src/analysis/edges.ts";
import { observedSamples } from "../../src/analysis/observed-samples.ts";
import type { Span } from "../../src/base/interval.ts";
import { spanFromMs, spanInMs } from "../../src/base/interval.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { Sample, SampleResult } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import type { Down } from "../support/fake-attempts.ts";
import { fakeSamples, LONGEST_ATTEMPT_MS } from "../support/fake-attempts.ts";

const SLACK_MS = LONGEST_ATTEMPT_MS + 2;
const CONNECT_MS = 1000;
const FAULT_MS = 30_000;
/** Files hold instants to the nanosecond. */
const ROUNDING_MS = 1e-6;

const good: SampleResult = { kind: "good", instance: null };
const silent: SampleResult = {
  kind: "bad",
  reached: null,
  failure: { kind: "timed-out", during: "tcp" },
};

interface Truth {
  readonly down: Down;
  readonly deaf: readonly Down[];
  readonly desktop: readonly Sample[];
  readonly control: readonly Sample[];
}

/** One outage, and spells in which nothing reached the prober; each long enough for a control attempt to fall into it. */
const outagesWithADeafProber: fc.Arbitrary<Truth> = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    period_ms: fc.constantFrom(100, 250, 1000),
    phase: fc.double({ min: 0, max: 1, noNaN: true }),
    as: fc.constantFrom<Down["as"]>("silent", "unreachable", "refused", "http-error", "closing"),
    periods: fc.double({ min: 1, max: 60, noNaN: true }),
    spells: fc.array(
      fc.record({
        /** Around the outage, where it matters. */
        at: fc.double({ min: -8, max: 70, noNaN: true }),
        periods: fc.double({ min: 1, max: 12, noNaN: true }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ seed, period_ms, phase, as, periods, spells }) => {
    const random = new SeededRandom(seed);
    const to_ms = FAULT_MS + periods * period_ms + SLACK_MS;
    const down: Down = { from_ms: FAULT_MS, to_ms, as };
    const deaf = spells.map((spell): Down => {
      const from_ms = FAULT_MS + spell.at * period_ms;
      return { from_ms, to_ms: from_ms + spell.periods * period_ms + SLACK_MS, as: "silent" };
    });
    const desktop = fakeSamples({
      trial: "t",
      // Who is deaf does not hear a refusal, either.
      downs: [...deaf, down],
      start_ms: 20_000 + phase * period_ms,
      end_ms: FAULT_MS + 160 * period_ms,
      period_ms,
      connect_timeout_ms: CONNECT_MS,
      attempt_timeout_ms: 2000,
      random,
      unobserved: 0,
      instance: () => null,
    });
    return { down, deaf, desktop, control: controlOf(desktop, deaf, random) };
  });

const controlOf = (
  desktop: readonly Sample[],
  deaf: readonly Down[],
  random: Random,
): readonly Sample[] =>
  desktop.map((sample) => {
    const started_ms = sample.scheduled_ms + random.next();
    const arrives = started_ms + 1;
    const isDeaf = deaf.some(({ from_ms, to_ms }) => from_ms <= arrives && arrives < to_ms);
    return {
      ...sample,
      target: "control",
      started_ms,
      ended_ms: started_ms + (isDeaf ? CONNECT_MS : 2),
      result: isDeaf ? silent : good,
    };
  });

function expectWithin(span: Span | null, truth: number): void {
  if (span === null) throw new Error("the edge was not found");
  const [earliest, latest] = spanInMs(span);
  expect(earliest).toBeLessThanOrEqual(truth + ROUNDING_MS);
  expect(latest).toBeGreaterThanOrEqual(truth - ROUNDING_MS);
}

const edges = (samples: readonly Sample[]): ReturnType<typeof edgesOf> =>
  edgesOf(samples, spanFromMs([FAULT_MS - 5, FAULT_MS]), 4);
const isBad = ({ result }: Sample): boolean => result.kind === "bad";

const goods = (samples: readonly Sample[]): readonly Sample[] =>
  samples.filter(({ result }) => result.kind === "good");

const sampleOf = (target: Sample["target"], seq: number, result: SampleResult): Sample => ({
  seq,
  trial: "t",
  target,
  scheduled_ms: seq * 250,
  started_ms: seq * 250,
  ended_ms: seq * 250 + (result === silent ? 1000 : 20),
  result,
});
const kinds = (...samples: readonly Sample[]): readonly string[] =>
  observedSamples(samples).map(({ result }) => result.kind);

describe("observedSamples", () => {
  it("never lets a deaf prober make an interval miss the truth", () => {
    fc.assert(
      fc.property(outagesWithADeafProber, ({ down, desktop, control }) => {
        const samples = observedSamples([...control, ...desktop]);
        // A prober that was deaf through all of the outage cannot know of it.
        fc.pre(samples.some(isBad));
        const { lost, back, flaps } = edges(samples);
        expectWithin(lost, down.from_ms);
        expectWithin(back, down.to_ms);
        expect(flaps).toBe(0);
      }),
      { seed: 20_261_101, numRuns: 600 },
    );
  });

  it("keeps every good sample, and changes nothing while the control target answers", () => {
    fc.assert(
      fc.property(outagesWithADeafProber, ({ desktop, control }) => {
        expect(goods(observedSamples([...desktop, ...control]))).toEqual(goods(desktop));
        const hearing = control.map((sample) => ({ ...sample, result: good }));
        expect(observedSamples([...desktop, ...hearing])).toEqual(desktop);
      }),
      { seed: 20_261_103, numRuns: 50 },
    );
  });

  it("lets the desktop's sample stand where the control sample is missing or itself unobserved", () => {
    const late: SampleResult = { kind: "unobserved", why: "late", detail: "" };
    expect(kinds(sampleOf("desktop", 0, silent))).toEqual(["bad"]);
    expect(kinds(sampleOf("desktop", 0, silent), sampleOf("control", 0, late))).toEqual(["bad"]);
    expect(kinds(sampleOf("desktop", 0, silent), sampleOf("control", 0, good))).toEqual(["bad"]);
  });

  it("says of a sample that it was taken for unobserved how the control target failed", () => {
    const [seen] = observedSamples([
      sampleOf("control", 3, silent),
      sampleOf("desktop", 3, silent),
    ]);
    expect(seen?.result).toEqual({
      kind: "unobserved",
      why: "control-failed",
      detail: "the control target failed, too: timed-out",
    });
  });

  it("does not believe an attempt whose silence began after the control's connection was there", () => {
    const desktop = [good, silent, silent, good].map((result, seq) =>
      sampleOf("desktop", seq, result),
    );
    const control = [good, good, silent, good].map((result, seq) =>
      sampleOf("control", seq, result),
    );
    expect(kinds(...desktop, ...control)).toEqual(["good", "unobserved", "unobserved", "good"]);
  });

  it("believes a failure that was over before the control target failed, and one that began after that", () => {
    const refused: SampleResult = { kind: "bad", reached: null, failure: { kind: "refused" } };
    const desktop = [0, 1, 2, 3, 4, 5, 6].map((seq) => sampleOf("desktop", seq, refused));
    expect(kinds(...desktop, sampleOf("control", 1, silent))).toEqual([
      "bad",
      "unobserved",
      "unobserved",
      "unobserved",
      "unobserved",
      "unobserved",
      "bad",
    ]);
  });

  it("keeps control samples to itself", () => {
    expect(observedSamples([sampleOf("control", 0, good), sampleOf("control", 1, silent)])).toEqual(
      [],
    );
  });
});
