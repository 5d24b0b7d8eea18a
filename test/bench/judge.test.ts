import { describe, expect, it } from "vitest";
import { judge } from "../../bench/accuracy/judge.ts";
import { accuracyChecks } from "../../bench/accuracy/report.ts";
import { widthOf } from "../../bench/accuracy/judged.ts";
import { specFor } from "../../bench/accuracy/prober.ts";
import type { Truth } from "../../bench/play/truth-book.ts";
import type { Sample } from "../../src/model/sample.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";

const PERIOD_MS = 250;
const ORIGIN_NS = 5e9;
const onMachine = (ms: number): number => ORIGIN_NS + ms * 1e6;
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const at = (seed = 1) => ({
  origin: [ORIGIN_NS, ORIGIN_NS] as const,
  spec: { ...specFor(PERIOD_MS), consecutive: 3 },
  random: new SeededRandom(seed),
});

const truth = (down_ms: number, up_ms: number): Truth => ({
  id: "a",
  kind: "refused",
  period_ms: PERIOD_MS,
  hiccup: null,
  downs: [[onMachine(down_ms), onMachine(down_ms + 0.1)]],
  ups: [[onMachine(up_ms), onMachine(up_ms + 0.1)]],
});

/** `+` good, `-` bad, `?` unobserved; 20 ms each. */
const samples = (story: string): readonly Sample[] =>
  Array.from(story).map((letter, seq) => ({
    seq,
    trial: "a",
    target: "desktop",
    scheduled_ms: seq * PERIOD_MS,
    started_ms: seq * PERIOD_MS,
    ended_ms: seq * PERIOD_MS + 20,
    result:
      letter === "+"
        ? { kind: "good", instance: null }
        : letter === "-"
          ? { kind: "bad", reached: null, failure: { kind: "refused" } }
          : { kind: "unobserved", why: "late", detail: "" },
  }));

const timedOut: Sample["result"] = {
  kind: "bad",
  reached: "rfb",
  failure: { kind: "timed-out", during: "frame" },
};

describe("judge", () => {
  it("finds the truth inside the intervals that the analysis makes of samples and fault, however that is known", () => {
    for (const seed of SEEDS) {
      const judged = judge(truth(300, 1100), samples("++---+++"), at(seed));
      const where = Object.values(judged.intervals).map((each) => each.where);
      expect(where, `seed ${seed}`).toEqual(["inside", "inside", "inside", "inside", "inside"]);
      expect(judged.intervals.back.seen_ms).toEqual([1000, 1270]);
      expect(accuracyChecks([judged]).filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  it("tells the analysis of a fault up to 100 ms too early and too late, at times as a machine's death", () => {
    const seen = SEEDS.map((seed) => judge(truth(300, 1100), samples("++---+++"), at(seed)));
    const faults = seen.map(({ intervals }) => intervals.fault.seen_ms ?? [0, 0]);
    expect(Math.min(...faults.map(([earliest]) => earliest))).toBeGreaterThan(199);
    expect(Math.max(...faults.map(([, latest]) => latest))).toBeLessThan(401);
    expect(Math.max(...faults.map(([earliest, latest]) => latest - earliest))).toBeGreaterThan(100);
    // A dead machine serves no desktop: its death bounds the loss, which else lasts until the first bad attempt's end.
    const lost = new Set(seen.map(({ intervals }) => intervals.lost.seen_ms?.[1] === 520));
    expect(lost).toEqual(new Set([true, false]));
  });

  it("takes no notice of what the control target says while that answers, and puts aside what came while it did not", () => {
    const control = (result: Sample["result"]): readonly Sample[] =>
      samples("++---+++").map((sample) => ({ ...sample, target: "control", result }));
    const beside = (result: Sample["result"]) =>
      judge(truth(300, 1100), [...samples("++---+++"), ...control(result)], at());
    expect(beside({ kind: "good", instance: null })).toEqual(
      judge(truth(300, 1100), samples("++---+++"), at()),
    );
    const deaf = beside({ kind: "bad", reached: null, failure: { kind: "refused" } });
    expect(deaf.unobserved).toBe(3);
    expect(deaf.intervals.back.where).toBe("unseen");
  });

  it("counts attempts that a hiccup left hanging at the loss, and lets no edge be wider for them", () => {
    const hiccup = [onMachine(990), onMachine(1100)] as const;
    const story = samples("+++++++++++++----+++++").map((sample) =>
      sample.seq === 4 ? { ...sample, ended_ms: 3100, result: timedOut } : sample,
    );
    const judged = judge({ ...truth(3050, 4100), hiccup }, story, at());
    expect([judged.hanging, judged.intervals.lost.limit_ms]).toEqual([1, 270]);
    const over = judge({ ...truth(3150, 4100), hiccup }, story, at());
    expect([over.hanging, over.intervals.lost.limit_ms]).toEqual([0, 270]);
  });

  it("says so when it is not, and when there is no interval at all", () => {
    const early = judge(truth(300, 900), samples("++---+++"), at());
    expect(early.intervals.back.where).toBe("outside");
    expect(accuracyChecks([early]).some(({ ok }) => !ok)).toBe(true);
    const unseen = judge(truth(300, 900), samples("++++++++"), at());
    expect(unseen.intervals.lost.where).toBe("unseen");
    expect(accuracyChecks([unseen]).some(({ ok }) => !ok)).toBe(true);
  });

  it("cannot say where an interval ends within the act that it is about", () => {
    expect(judge(truth(300, 1269.95), samples("++---+++"), at()).intervals.back.where).toBe(
      "touching",
    );
  });

  it("lets an interval be wider by what was unobserved there, and by nothing else", () => {
    const judged = judge(truth(300, 1100), samples("++---??+++"), at());
    const { back } = judged.intervals;
    expect([widthOf(back), back.limit_ms, judged.unobserved]).toEqual([770, 770, 2]);
  });
});
