import { describe, expect, it } from "vitest";
import { judge } from "../../bench/accuracy/judge.ts";
import { accuracyChecks } from "../../bench/accuracy/report.ts";
import { widthOf } from "../../bench/accuracy/judged.ts";
import type { Truth } from "../../bench/play/truth-book.ts";
import type { Sample } from "../../src/model/sample.ts";

const PERIOD_MS = 250;
const ORIGIN_NS = 5e9;
const onMachine = (ms: number): number => ORIGIN_NS + ms * 1e6;
const at = { origin: [ORIGIN_NS, ORIGIN_NS] as const, consecutive: 3 };

const truth = (down_ms: number, up_ms: number): Truth => ({
  id: "a",
  kind: "refused",
  period_ms: PERIOD_MS,
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

describe("judge", () => {
  it("finds the truth inside the intervals that the analysis makes of the samples", () => {
    const judged = judge(truth(300, 1100), samples("++---+++"), at);
    const where = Object.values(judged.intervals).map((each) => each.where);
    expect(where).toEqual(["inside", "inside", "inside", "inside"]);
    expect(judged.intervals.back.seen_ms).toEqual([1000, 1270]);
    expect(accuracyChecks([judged]).map(({ ok }) => ok)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it("says so when it is not, and when there is no interval at all", () => {
    const early = judge(truth(300, 900), samples("++---+++"), at);
    expect(early.intervals.back.where).toBe("outside");
    expect(accuracyChecks([early]).some(({ ok }) => !ok)).toBe(true);
    const unseen = judge(truth(300, 900), samples("++++++++"), at);
    expect(unseen.intervals.lost.where).toBe("unseen");
    expect(accuracyChecks([unseen]).some(({ ok }) => !ok)).toBe(true);
  });

  it("cannot say where an interval ends within the act that it is about", () => {
    expect(judge(truth(300, 1269.95), samples("++---+++"), at).intervals.back.where).toBe(
      "touching",
    );
  });

  it("lets an interval be wider by what was unobserved there, and by nothing else", () => {
    const judged = judge(truth(300, 1100), samples("++---??+++"), at);
    const { back } = judged.intervals;
    expect([widthOf(back), back.limit_ms, judged.unobserved]).toEqual([770, 770, 2]);
  });
});
