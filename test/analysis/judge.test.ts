import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../src/analysis/judge.ts";
import type { JudgedArm } from "../../src/analysis/judge-rule.ts";
import { judgeRule } from "../../src/analysis/judge-rule.ts";
import type { AcceptanceRule, StatisticName } from "../../src/model/experiment.ts";
import type { RuleVerdict, VerdictName } from "../../src/model/run-report.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { after, censored, ended, recovered, trialResult, voided } from "./trials.ts";

type Comparison = AcceptanceRule["comparison"];

const recovery = (
  statistic: StatisticName,
  comparison: Comparison,
  seconds: number,
): AcceptanceRule => ({
  text: `recovery.${statistic} ${comparison} ${seconds}s`,
  arm: null,
  subject: { kind: "duration", measure: "recovery", statistic, limit_ms: seconds * 1000 },
  comparison,
});

const count = (
  outcome: "lost" | "void",
  comparison: Comparison,
  limit: number,
): AcceptanceRule => ({
  text: `${outcome} ${comparison} ${limit}`,
  arm: null,
  subject: { kind: "count", outcome, limit },
  comparison,
});

const armOf = (trials: readonly TrialResult[], minValid = trials.length): JudgedArm => ({
  name: "arm",
  trials,
  minValid,
});

const nameOf = (
  rule: AcceptanceRule,
  trials: readonly TrialResult[],
  minValid?: number,
): VerdictName => judgeRule(rule, armOf(trials, minValid)).name;

const detection = (seconds: number): AcceptanceRule => ({
  text: "detection.max",
  arm: null,
  subject: {
    kind: "duration",
    measure: "detection",
    statistic: "max",
    limit_ms: seconds * 1000,
  },
  comparison: "<=",
});

describe("judgeRule", () => {
  it.each<[Comparison, number, VerdictName]>([
    // The largest is 140 s, give or take 100 ms.
    ["<=", 140.2, "pass"],
    ["<=", 140.1, "pass"],
    ["<=", 140, "inconclusive"],
    ["<=", 139.9, "inconclusive"],
    ["<=", 139.8, "fail"],
    ["<", 140.1, "inconclusive"],
    ["<", 139.9, "fail"],
    [">=", 139.9, "pass"],
    [">=", 140, "inconclusive"],
    [">=", 140.2, "fail"],
    [">", 139.9, "inconclusive"],
    [">", 139.8, "pass"],
    [">", 140.1, "fail"],
    ["==", 140, "inconclusive"],
    ["==", 141, "fail"],
  ])("holds the rule against the whole interval: max %s %d s is %s", (comparison, limit, name) => {
    expect(nameOf(recovery("max", comparison, limit), [after(120), after(140)])).toBe(name);
  });

  it("needs enough valid trials for a pass, but not for a fail", () => {
    const trials = [after(120), after(130), voided];
    expect(nameOf(recovery("max", "<=", 150), trials)).toBe("inconclusive");
    expect(nameOf(recovery("max", "<=", 150), trials, 2)).toBe("pass");
    expect(nameOf(recovery("max", "<=", 125), trials)).toBe("fail");
  });

  it("says that trials are missing where the rule holds but for them", () => {
    expect(judgeRule(count("lost", "==", 0), armOf([after(120), voided])).saw).toBe(
      "0 of 2 lost; 1 of 2 trials valid",
    );
  });

  it("knows nothing without a valid trial", () => {
    expect(judgeRule(recovery("max", "<=", 150), armOf([voided], 0))).toMatchObject({
      name: "inconclusive",
      saw: "no valid trial",
    });
  });

  it("counts a censored trial as failing every upper limit below its bound", () => {
    const trials = [after(120), after(130), after(125), censored(300)];
    expect(nameOf(recovery("max", "<=", 150), trials)).toBe("fail");
    expect(nameOf(recovery("p95", "<=", 150), trials)).toBe("fail");
    expect(nameOf(recovery("max", "<=", 400), trials)).toBe("inconclusive");
    expect(nameOf(recovery("median", "<=", 150), trials)).toBe("pass");
    expect(nameOf(recovery("mean", "<=", 150), trials)).toBe("fail");
    expect(nameOf(recovery("mean", "<=", 200), trials)).toBe("inconclusive");
    expect(nameOf(recovery("max", ">=", 200), trials)).toBe("pass");
  });

  it("says what it saw, and how little that is", () => {
    const rule = recovery("p95", "<=", 150);
    expect(judgeRule(rule, armOf([after(120), after(140)])).saw).toBe(
      "p95 of recovery is 140.0 s (139.9 .. 140.1); largest of 2",
    );
    expect(judgeRule(rule, armOf([after(120), censored(300)])).saw).toBe(
      "p95 of recovery is at least 300.0 s; largest of 2; 1 of 2 still down at the limit",
    );
  });

  it("takes a phase that nobody saw for anything between nothing and the whole recovery", () => {
    const trials = [recovered([129_000, 130_000], { detection: [5000, 6000] }), after(130)];
    expect(nameOf(detection(131), trials)).toBe("pass");
    expect(judgeRule(detection(100), armOf(trials))).toMatchObject({
      name: "inconclusive",
      saw: "max of detection is 65.0 s (5.0 .. 130.1); not measured in 1 of 2",
    });
  });

  it("takes a failover that did not happen for one without phases, not for one of short phases", () => {
    const trials = [ended({ kind: "no-outage", shorter_than_ms: 270 })];
    expect(judgeRule(detection(60), armOf(trials))).toMatchObject({
      name: "inconclusive",
      saw: "max of detection is at least 0.0 s; not measured in 1 of 1",
    });
    expect(nameOf({ ...detection(60), comparison: ">=" }, trials)).toBe("inconclusive");
    expect(nameOf(recovery("max", "<=", 1), trials)).toBe("pass");
    expect(nameOf(recovery("max", "<=", 0.2), trials)).toBe("inconclusive");
  });

  it("bounds the outage of a censored trial by when it was lost", () => {
    const rule: AcceptanceRule = {
      ...recovery("max", "<=", 295),
      subject: { kind: "duration", measure: "outage", statistic: "max", limit_ms: 295_000 },
    };
    const { instants, ...trial } = censored(300);
    const lostAt = (ms: number): TrialResult =>
      trialResult({ ...trial, instants: { ...instants, fault: [0, 0], lost: [0, ms] } });
    expect(nameOf(rule, [lostAt(1000)])).toBe("fail");
    expect(nameOf(rule, [lostAt(10_000)])).toBe("inconclusive");
  });

  it("counts lost and void exactly", () => {
    const trials = [after(120), censored(300), voided];
    expect(nameOf(count("lost", "==", 0), trials)).toBe("fail");
    expect(nameOf(count("lost", "<=", 1), trials)).toBe("inconclusive");
    expect(nameOf(count("lost", "<=", 1), trials, 2)).toBe("pass");
    expect(nameOf(count("void", "==", 0), trials)).toBe("fail");
    expect(nameOf(count("void", "<=", 1), trials)).toBe("pass");
    expect(judgeRule(count("lost", "==", 0), armOf(trials)).saw).toBe("1 of 3 lost");
  });

  it("is inconclusive when judging itself fails", () => {
    const broken = new Proxy(after(1), {
      get: () => {
        throw new Error("broken facts");
      },
    });
    expect(judgeRule(recovery("max", "<=", 150), armOf([broken]))).toMatchObject({
      name: "inconclusive",
      saw: "it could not be judged: broken facts",
    });
  });

  it("never passes what a possible truth breaks, and never fails what one keeps", () => {
    const trial = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.nat(200), fc.nat(20)) },
      { weight: 1, arbitrary: fc.tuple(fc.nat(200), fc.constant(Infinity)) },
    );
    fc.assert(
      fc.property(
        fc.array(trial, { minLength: 1, maxLength: 6 }),
        fc.nat(200),
        fc.constantFrom<StatisticName>("min", "max"),
        (ranges, limit, statistic) => {
          const trials = ranges.map(([low, width]) =>
            Number.isFinite(width) ? recovered([low * 1000, (low + width) * 1000]) : censored(low),
          );
          const highs = ranges.map(([low, width]) => low + width);
          const lows = ranges.map(([low]) => low);
          const pick = statistic === "min" ? Math.min : Math.max;
          const [best, worst] = [pick(...lows), pick(...highs)];
          const expected = worst <= limit ? "pass" : best > limit ? "fail" : "inconclusive";
          expect(nameOf(recovery(statistic, "<=", limit), trials)).toBe(expected);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

const brokenBy = (
  rule: AcceptanceRule,
  ...trials: readonly TrialResult[]
): RuleVerdict["broken_by"] => judgeRule(rule, armOf(trials)).broken_by;
const named = (trial: string, result: TrialResult): TrialResult => ({ ...result, trial });

describe("the trials that break a rule by themselves", () => {
  it("are those that lie wholly beyond a limit of them all", () => {
    const trials = [named("a", after(120)), named("b", after(160)), named("c", after(150))];
    expect(brokenBy(recovery("max", "<=", 150), ...trials)).toEqual(["b"]);
    expect(brokenBy(recovery("min", ">=", 130), ...trials)).toEqual(["a"]);
  });

  it("include one that was still down then, and no void one", () => {
    const trials = [named("a", censored(300)), named("b", voided)];
    expect(brokenBy(recovery("max", "<=", 150), ...trials)).toEqual(["a"]);
    expect(brokenBy(recovery("max", "<=", 400), ...trials)).toEqual([]);
  });

  it("are none where the rule limits no single trial", () => {
    const trial = named("a", after(160));
    for (const statistic of ["median", "mean", "p90", "p95", "min"] as const) {
      expect(brokenBy(recovery(statistic, "<=", 150), trial)).toEqual([]);
    }
    expect(brokenBy(count("lost", "==", 0), named("a", censored(300)))).toEqual([]);
  });
});

const rules = (...each: readonly AcceptanceRule[]) => ({ rules: each, min_valid: null });

const arm = (name: string, ...trials: readonly TrialResult[]) => ({
  name,
  planned: trials.length,
  trials,
});

describe("judge", () => {
  it("holds a rule without an arm against each of them, and one with an arm against that", () => {
    const { rules: judged, name } = judge(
      rules(recovery("max", "<=", 150), { ...recovery("max", "<=", 60), arm: "b" }),
      [arm("a", after(120)), arm("b", after(50))],
    );
    const texts = judged.map((rule: RuleVerdict) => `${rule.arm}: ${rule.text} ${rule.name}`);
    expect(texts).toEqual([
      "a: recovery.max <= 150s pass",
      "b: recovery.max <= 150s pass",
      "b: recovery.max <= 60s pass",
    ]);
    expect(name).toBe("pass");
  });

  it("fails when one rule fails, whatever the others say", () => {
    const verdict = judge(rules(count("lost", "==", 0), recovery("max", "<=", 100)), [
      arm("a", after(120), voided),
    ]);
    expect(verdict.name).toBe("fail");
    expect(verdict.why).toBe(
      "Broken: recovery.max <= 100s on a (max of recovery is 120.0 s (119.9 .. 120.1)).",
    );
  });

  it("is inconclusive while a trial is void or missing, even where all rules hold", () => {
    const verdict = judge(rules(count("void", "<=", 1)), [arm("a", after(120), voided)]);
    expect(verdict).toMatchObject({
      name: "inconclusive",
      why: "Too few valid trials: a has 1 of 2.",
    });
    const missing = { name: "a", planned: 3, trials: [after(120), after(121)] };
    expect(judge(rules(count("lost", "==", 0)), [missing]).name).toBe("inconclusive");
    expect(judge({ ...rules(count("lost", "==", 0)), min_valid: 2 }, [missing]).name).toBe("pass");
  });

  it("is inconclusive when a rule is", () => {
    const verdict = judge(rules(recovery("max", "<=", 120)), [arm("a", after(120))]);
    expect(verdict.name).toBe("inconclusive");
    expect(verdict.why).toContain("Undecided: recovery.max <= 120s on a");
  });

  it("asks for valid trials alone where no rule was set", () => {
    expect(judge(rules(), [arm("a", after(120), censored(300))])).toMatchObject({
      name: "pass",
      why: "No rule was set; all was seen over 2 valid trials, 1 of them still down at their limit.",
    });
    expect(judge(rules(), [arm("a", after(120))]).why).toBe(
      "No rule was set; all was seen over 1 valid trial.",
    );
    expect(judge(rules(), [arm("a", after(120), voided)]).name).toBe("inconclusive");
    const refused = ended({ kind: "refused", why: "quorum" });
    expect(judge(rules(), [arm("a", refused)]).name).toBe("inconclusive");
  });
});
