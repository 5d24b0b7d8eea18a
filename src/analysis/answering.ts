import type { Sample } from "../model/sample.ts";
import type { Answering } from "../model/trial-result.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { firstOf } from "./trial-facts.ts";

/** Who answered before the kill and who did last, by the names that they gave themselves. */
export function answeringOf(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
): Answering {
  const names = samples.flatMap(({ result }) =>
    result.kind === "good" && result.instance !== null ? [result.instance] : [],
  );
  return { before: firstOf(records, "steady")?.instance ?? null, after: names.at(-1) ?? null };
}
