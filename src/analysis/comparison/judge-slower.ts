import type { ComparedArm, Comparison } from "../../model/baseline.ts";
import type { Contrast } from "../../model/contrast.ts";
import type { VerdictName } from "../../model/run-report.ts";

/** What a pass needs. */
export interface SlowerRule {
  readonly most_ms: number;
  /** Trials that say something, of each arm on both sides; null: all that were planned. */
  readonly min_valid: number | null;
}

/**
 * Whether a run is slower than another by more than `most_ms`: fail when a measure of an arm is beyond doubt (its whole
 * interval lies above), pass when none can be, inconclusive otherwise, and when an arm was not compared or lacks trials.
 */
export function judgeSlower({ arms, unmatched }: Comparison, rule: SlowerRule): VerdictName {
  const verdicts = arms.flatMap((arm) => arm.measures.map((each) => judged(each, arm, rule)));
  if (verdicts.includes("fail")) return "fail";
  return unmatched.length > 0 || verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}

function judged(
  contrast: Contrast,
  arm: ComparedArm,
  { most_ms, min_valid }: SlowerRule,
): VerdictName {
  const [low, high] = contrast.interval_ms ?? [null, null];
  if (low !== null && low > most_ms) return "fail";
  const enough =
    min_valid === null
      ? Math.max(...arm.without_result) === 0
      : Math.min(...contrast.n) >= min_valid;
  return enough && high !== null && high <= most_ms ? "pass" : "inconclusive";
}
