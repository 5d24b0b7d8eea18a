import type { Sample } from "../model/sample.ts";
import type { TrialInstants } from "../model/trial-result.ts";
import type { TrialStory } from "../model/trial-story.ts";
import type { TrialRecord } from "./trial-facts.ts";

/** Attempts on each side of an edge, on each target. */
const AROUND = 6;

/** What a report shows of a trial beside its result. */
export function trialStory(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
  { lost, back }: TrialInstants,
): TrialStory {
  const around = (edge_ms: number | undefined): readonly Sample[] =>
    edge_ms === undefined
      ? []
      : (["desktop", "control"] as const)
          .flatMap((target) => nearest(samples, target, edge_ms))
          .toSorted((a, b) => a.ended_ms - b.ended_ms);
  return {
    records: records.map(({ at_ms, event }) => ({ at_ms, event })),
    edges: { lost: around(lost?.[1]), back: around(back?.[1]) },
  };
}

function nearest(
  samples: readonly Sample[],
  target: Sample["target"],
  edge_ms: number,
): readonly Sample[] {
  const own = samples.filter((sample) => sample.target === target);
  const after = own.findIndex((sample) => sample.started_ms >= edge_ms);
  const at = after < 0 ? own.length : after;
  return own.slice(Math.max(0, at - AROUND), at + AROUND);
}
