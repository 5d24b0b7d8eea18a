import type { SpanMs } from "../../src/base/interval.ts";
import type { Sample } from "../../src/model/sample.ts";

/**
 * `samples`: those that may bound an edge.
 *
 * How wide an edge may be: from the start of one attempt to the end of the next, so one period and one attempt, as long
 * and as late as the longest and latest that was recorded; and another period for each one between them that was
 * unobserved.
 */
export function widthLimits(
  samples: readonly Sample[],
  period_ms: number,
  edges: { readonly lost: SpanMs | null; readonly back: SpanMs | null },
): { readonly lost: number; readonly back: number } {
  const observed = samples.filter(({ result }) => result.kind !== "unobserved");
  const longest = Math.max(...observed.map(({ started_ms, ended_ms }) => ended_ms - started_ms));
  const latest = Math.max(...observed.map((each) => each.started_ms - each.scheduled_ms));
  const limit = (edge: SpanMs | null): number => {
    const missed = samples.filter(
      ({ result, scheduled_ms }) =>
        edge !== null &&
        result.kind === "unobserved" &&
        edge[0] <= scheduled_ms &&
        scheduled_ms <= edge[1],
    ).length;
    return period_ms * (1 + missed) + longest + latest;
  };
  return { lost: limit(edges.lost), back: limit(edges.back) };
}
