import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edges } from "../../src/analysis/edges.ts";
import { edgesOf } from "../../src/analysis/edges.ts";
import { spanFromMs, spanInMs } from "../../src/base/interval.ts";
import type { Sample, SampleResult } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import type { Down, DownAs } from "../support/fake-attempts.ts";
import { LONGEST_ATTEMPT_MS, fakeSamples } from "../support/fake-attempts.ts";

const CONSECUTIVE = 4;
/** Longer than the scheduling error, an attempt and rounding together. */
const SLACK_MS = LONGEST_ATTEMPT_MS + 2;

interface Truth {
  readonly period_ms: number;
  readonly fault_ms: number;
  readonly downs: readonly Down[];
  readonly samples: readonly Sample[];
}

const kinds: readonly DownAs[] = ["silent", "unreachable", "refused", "http-error", "closing"];

interface Conditions {
  readonly downAs?: readonly DownAs[];
  readonly connect_timeout_ms?: number;
  /** The attempt so many periods before the fault hangs, whatever those after it meet. */
  readonly hiccup?: fc.Arbitrary<number | null>;
}

/** An outage of several kinds of failure in a row, with flaps: each long enough for an attempt to start in it. */
const outages = (
  unobserved: number,
  { downAs = kinds, connect_timeout_ms = 1000, hiccup = fc.constant(null) }: Conditions = {},
): fc.Arbitrary<Truth> =>
  fc
    .record({
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      period_ms: fc.constantFrom(100, 250, 1000),
      phase: fc.double({ min: 0, max: 1, noNaN: true }),
      hiccup,
      // Often in the middle of an attempt, where edges are hardest.
      delay_ms: fc.oneof(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
      ),
      parts: fc.array(
        fc.record({
          as: fc.constantFrom(...downAs),
          periods: fc.double({ min: 1, max: 40, noNaN: true }),
          up: fc.option(fc.double({ min: 1, max: CONSECUTIVE - 1, noNaN: true }), { nil: null }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    })
    .map(({ seed, period_ms, phase, hiccup: before, delay_ms, parts }) => {
      const start_ms = 20_000 + phase * period_ms;
      const fault_ms = start_ms + 100 * period_ms;
      let now = fault_ms + delay_ms;
      const downs: Down[] = [];
      for (const { as, periods, up } of parts) {
        const from_ms = now;
        now += periods * period_ms + SLACK_MS;
        downs.push({ from_ms, to_ms: now, as });
        now += up === null ? 0 : Math.max(0, up * period_ms - SLACK_MS);
      }
      const samples = fakeSamples({
        trial: "t",
        downs: before === null ? downs : [hangAt(fault_ms - before * period_ms), ...downs],
        start_ms,
        end_ms: (downs.at(-1)?.to_ms ?? 0) + 60 * period_ms,
        period_ms,
        connect_timeout_ms,
        attempt_timeout_ms: 2000,
        random: new SeededRandom(seed),
        unobserved,
        instance: () => null,
      });
      return { period_ms, fault_ms, downs, samples };
    });

/** Down for some 20 ms, from when an attempt that starts then has its TCP connection. */
const hangAt = (started_ms: number): Down => ({
  from_ms: started_ms + 5,
  to_ms: started_ms + 25,
  as: "silent",
});

const lostAt = ({ downs }: Truth): number => downs[0]?.from_ms ?? Number.NaN;
const backAt = ({ downs }: Truth): number => downs.at(-1)?.to_ms ?? Number.NaN;

const edgesFor = (truth: Truth): Edges =>
  edgesOf(truth.samples, spanFromMs([truth.fault_ms - 5, truth.fault_ms]), CONSECUTIVE);

/** Files hold instants to the nanosecond. */
const ROUNDING_MS = 1e-6;

function expectWithin(span: Edges["lost"], truth: number): void {
  if (span === null) throw new Error("the edge was not found");
  const [earliest, latest] = spanInMs(span);
  expect(earliest).toBeLessThanOrEqual(truth + ROUNDING_MS);
  expect(latest).toBeGreaterThanOrEqual(truth - ROUNDING_MS);
}

/** Was every part of the outage met by an attempt of its own? A prober that looked away cannot know of it. */
const isSeen = ({ downs, samples }: Truth): boolean =>
  downs.every(({ from_ms, to_ms }) =>
    samples.some(
      ({ started_ms, result }) =>
        result.kind === "bad" && started_ms >= from_ms && started_ms < to_ms,
    ),
  );

const edges = (samples: readonly Sample[], faultMs: number): Edges =>
  edgesOf(samples, spanFromMs([faultMs, faultMs]), 3);
const inMs = (span: Edges["lost"]): unknown => (span === null ? null : spanInMs(span));

describe("edgesOf", () => {
  it("holds the true loss and the true recovery within its spans, however the desktop was down", () => {
    fc.assert(
      fc.property(outages(0), (truth) => {
        const { lost, back } = edgesFor(truth);
        expectWithin(lost, lostAt(truth));
        expectWithin(back, backAt(truth));
      }),
      { seed: 20_260_101, numRuns: 400 },
    );
  });

  it("knows the recovery to one period and one attempt when nothing is unobserved", () => {
    fc.assert(
      fc.property(outages(0), (truth) => {
        const { back } = edgesFor(truth);
        const [earliest, latest] = spanInMs(back ?? spanFromMs([0, Number.MAX_SAFE_INTEGER]));
        expect(latest - earliest).toBeLessThanOrEqual(truth.period_ms + SLACK_MS);
      }),
      { seed: 20_260_102, numRuns: 200 },
    );
  });

  it("holds the truth within wider spans when the prober looked away now and then", () => {
    fc.assert(
      fc.property(outages(0.25), (truth) => {
        fc.pre(isSeen(truth));
        const { lost, back } = edgesFor(truth);
        expectWithin(lost, lostAt(truth));
        expectWithin(back, backAt(truth));
      }),
      { seed: 20_260_103, numRuns: 400 },
    );
  });

  it("holds the true loss within its span when attempts wait through outages that others meet", () => {
    const downAs: readonly DownAs[] = ["unheard", "refused"];
    fc.assert(
      fc.property(outages(0, { downAs, connect_timeout_ms: 1500 }), (truth) => {
        fc.pre(isSeen(truth));
        expectWithin(edgesFor(truth).lost, lostAt(truth));
      }),
      { seed: 20_260_105, numRuns: 400 },
    );
  });

  it("takes a hiccup before the fault for no part of its outage, though its attempt is still under way at the fault", () => {
    // So many good ones in a row end an outage; the attempt hangs for 2 s.
    const hiccup = fc.integer({ min: CONSECUTIVE + 2, max: 19 });
    fc.assert(
      fc.property(outages(0, { hiccup }), (truth) => {
        const { lost, back } = edgesFor(truth);
        expectWithin(lost, lostAt(truth));
        expectWithin(back, backAt(truth));
      }),
      { seed: 20_260_106, numRuns: 400 },
    );
  });

  it("never lets the order of the samples in the file matter", () => {
    fc.assert(
      fc.property(outages(0.1), (truth) => {
        const reversed = { ...truth, samples: truth.samples.toReversed() };
        expect(edgesFor(reversed)).toEqual(edgesFor(truth));
      }),
      { seed: 20_260_104, numRuns: 50 },
    );
  });

  const good: SampleResult = { kind: "good", instance: null };
  const refused: SampleResult = { kind: "bad", reached: null, failure: { kind: "refused" } };
  const silent: SampleResult = {
    kind: "bad",
    reached: null,
    failure: { kind: "timed-out", during: "tcp" },
  };
  const missed: SampleResult = { kind: "unobserved", why: "late", detail: "" };
  const tookMs = (result: SampleResult): number => (result === silent ? 1000 : 20);
  const story = (...results: readonly SampleResult[]): readonly Sample[] => storyOf(results);
  const storyOf = (results: readonly SampleResult[]): readonly Sample[] =>
    results.map((result, seq) => ({
      seq,
      trial: "t",
      target: "desktop",
      scheduled_ms: seq * 250,
      started_ms: seq * 250,
      ended_ms: seq * 250 + tookMs(result),
      result,
    }));

  it("takes silence to have begun one round trip after the attempt at the latest", () => {
    const { lost } = edges(story(good, good, silent, silent, good, good, good), 400);
    expect(inMs(lost)).toEqual([250, 520]);
  });

  it("waits for the end of an attempt that had come through a layer: what is slow is not yet gone", () => {
    const stuck: SampleResult = {
      kind: "bad",
      reached: "tcp",
      failure: { kind: "timed-out", during: "http" },
    };
    const samples = story(good, good, stuck, good, good, good).map((sample) =>
      sample.result === stuck ? { ...sample, ended_ms: sample.started_ms + 2000 } : sample,
    );
    expect(inMs(edges(samples, 400).lost)).toEqual([250, 2500]);
  });

  it("trusts no good attempt that may have waited through the outage", () => {
    const samples = story(good, good, good, refused, refused, good, good, good).map((sample) =>
      sample.seq === 2 ? { ...sample, ended_ms: sample.started_ms + 1010 } : sample,
    );
    expect(inMs(edges(samples, 400).lost)).toEqual([250, 770]);
  });

  it("trusts a slow one that ended while the desktop was certainly still down or not yet", () => {
    const slow = story(good, good, good, refused, refused, refused, good, good, good).map(
      (sample) => (sample.seq <= 2 ? { ...sample, ended_ms: sample.started_ms + 600 } : sample),
    );
    expect(inMs(edges(slow, 400).lost)).toEqual([500, 770]);
  });

  it("waits for the end of a silent attempt when no good one tells how long a round trip takes", () => {
    const { lost } = edges(story(silent, good, good, good), 100);
    expect(inMs(lost)).toEqual([0, 1000]);
  });

  it("does not pretend to know the loss when nothing was observed before it", () => {
    const { lost } = edges(story(missed, missed, refused, refused, good, good, good), 600);
    expect(inMs(lost)).toEqual([0, 520]);
  });

  it("counts an outage that was under way at the fault from its true beginning", () => {
    const { lost } = edges(story(good, good, refused, refused, refused, good, good, good), 700);
    expect(inMs(lost)).toEqual([250, 520]);
  });

  it("forgets a short outage that was over before the fault", () => {
    const { lost, flaps } = edges(story(good, refused, good, good, refused, good, good, good), 800);
    expect(inMs(lost)).toEqual([750, 1020]);
    expect(flaps).toBe(0);
  });

  const hang: SampleResult = {
    kind: "bad",
    reached: "tcp",
    failure: { kind: "timed-out", during: "http" },
  };
  const hanging = (samples: readonly Sample[]): readonly Sample[] =>
    samples.map((sample) =>
      sample.result === hang ? { ...sample, ended_ms: sample.started_ms + 2000 } : sample,
    );

  it("takes an attempt that hangs since before the fault for no outage where those after it are good", () => {
    const hiccup = hanging(story(good, hang, good, good, good, good, good));
    expect(inMs(edges(hiccup, 1600).lost)).toBeNull();
    const both = hanging(story(good, hang, good, good, good, good, refused, good, good, good));
    expect(inMs(edges(both, 1300).back)).toEqual([1500, 1770]);
  });

  it("takes for the outage what was not over by the moment that it has to outlast", () => {
    const twice = story(good, refused, good, good, good, refused, refused, good, good, good);
    const [fault, consecutive] = [spanFromMs([200, 1100]), 3];
    expect(inMs(edgesOf(twice, fault, consecutive).back)).toEqual([250, 520]);
    expect(inMs(edgesOf(twice, fault, consecutive, 1100).back)).toEqual([1500, 1770]);
  });

  it("stands an outage of more samples than a call may have arguments", () => {
    const outage = Array.from({ length: 200_000 }, () => refused);
    const long = storyOf([good, ...outage, good, good, good]);
    expect(inMs(edges(long, 200).back)).toEqual([50_000_000, 50_000_270]);
  });

  it("says by when a second attempt agrees that it was lost", () => {
    expect(edges(story(good, silent, silent, good, good, good), 200).agreedLostMs).toBe(520);
    expect(edges(story(good, silent, good, good, good), 200).agreedLostMs).toBeNull();
  });

  it("counts the times it answered and was gone again", () => {
    const { back, flaps } = edges(
      story(good, refused, good, refused, good, good, refused, good, good, good),
      200,
    );
    expect(flaps).toBe(2);
    expect(inMs(back)).toEqual([1500, 1770]);
  });

  it("is not moved by what comes after enough good attempts in a row", () => {
    const { back, flaps, lastDownMs } = edges(
      story(good, refused, good, good, good, refused, refused),
      200,
    );
    expect(inMs(back)).toEqual([250, 520]);
    expect([flaps, lastDownMs]).toEqual([0, 250]);
  });

  it("widens an edge by the attempts that it could not observe there", () => {
    const { lost, back } = edges(
      story(good, missed, refused, missed, missed, good, good, good),
      100,
    );
    expect(inMs(lost)).toEqual([0, 520]);
    expect(inMs(back)).toEqual([500, 1270]);
  });

  it("says since when it was last known down when too few good ones follow", () => {
    const { back, lastDownMs } = edges(story(good, refused, refused, good, good), 200);
    expect([back, lastDownMs]).toEqual([null, 500]);
  });

  it("finds nothing where the desktop never stopped answering, or only the control target failed", () => {
    const nothing = {
      lost: null,
      back: null,
      agreedLostMs: null,
      lastDownMs: null,
      lastUpMs: null,
      flaps: 0,
    };
    expect(edges(story(good, good), 100)).toEqual(nothing);
    const control = story(good, refused).map((sample): Sample => ({
      ...sample,
      target: "control",
    }));
    expect(edges(control, 100)).toEqual(nothing);
  });
});
