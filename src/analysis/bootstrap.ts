import { present } from "../base/assert.ts";
import type { RangeMs } from "../base/interval.ts";
import { ascending, quantile } from "./quantile.ts";
import { FEWEST_FOR_MEDIAN } from "./statistics/median-rank.ts";

/** Efron's percentile bootstrap: enough resamples that the interval's ends no longer wander with the seed. */
const RESAMPLES = 10_000;

/** 95 % interval of the median of `values` minus that of `others`, both resampled; null where one has fewer than six. */
export function medianShiftInterval(
  values: readonly number[],
  others: readonly number[],
  draw: () => number,
): RangeMs | null {
  if (Math.min(values.length, others.length) < FEWEST_FOR_MEDIAN) return null;
  const [one, other] = [resamplerOf(values, draw), resamplerOf(others, draw)];
  return middle95(Array.from({ length: RESAMPLES }, () => one() - other()));
}

/** Medians of resamples. How often each rank was drawn is counted, since that is quicker than to sort each resample. */
function resamplerOf(values: readonly number[], draw: () => number): () => number {
  const sorted = ascending(values);
  const count = sorted.length;
  const drawn = new Uint32Array(count);
  return () => {
    drawn.fill(0);
    for (let index = 0; index < count; index++) {
      const rank = Math.floor(draw() * count);
      drawn[rank] = (drawn[rank] ?? 0) + 1;
    }
    const low = at(sorted, rankAt(drawn, Math.ceil(count / 2)));
    return count % 2 === 1 ? low : (low + at(sorted, rankAt(drawn, count / 2 + 1))) / 2;
  };
}

/** The rank of the `nth` smallest of those drawn, counted from one. */
function rankAt(drawn: Uint32Array, nth: number): number {
  let [rank, seen] = [0, drawn[0] ?? 0];
  while (seen < nth) seen += drawn[++rank] ?? 0;
  return rank;
}

const at = (sorted: readonly number[], rank: number): number => present(sorted[rank], "the rank");

function middle95(medians: readonly number[]): RangeMs {
  const sorted = ascending(medians);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}
