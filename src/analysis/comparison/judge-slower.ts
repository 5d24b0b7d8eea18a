import type { Comparison } from "../../model/baseline.ts";
import type { Contrast } from "../../model/contrast.ts";
import type { VerdictName } from "../../model/run-report.ts";

/**
 * Whether a run is slower than another by more than `most_ms`: fail when a measure of an arm is beyond doubt (its whole
 * interval lies above), pass when none can be, inconclusive otherwise, and when an arm was not compared.
 */
export function judgeSlower({ arms, unmatched }: Comparison, most_ms: number): VerdictName {
  const verdicts = arms.flatMap(({ measures }) => measures).map((each) => judged(each, most_ms));
  if (verdicts.includes("fail")) return "fail";
  return unmatched.length > 0 || verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}

function judged({ interval_ms }: Contrast, most_ms: number): VerdictName {
  const [low, high] = interval_ms ?? [null, null];
  if (low !== null && low > most_ms) return "fail";
  return high !== null && high <= most_ms ? "pass" : "inconclusive";
}
