import type { RankedHypothesis } from "../model/hypothesis.ts";

/** The rest is as good as excluded, and stands in report.json. */
export const MOST_HYPOTHESES = 6;

export const lessLikely = ({ less_likely }: RankedHypothesis): string => {
  if (less_likely >= 1000) return "> 1000 ×";
  return less_likely === 1 ? "likeliest" : `${Number(less_likely.toPrecision(2))} ×`;
};
