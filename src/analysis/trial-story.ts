import type { Sample } from "../model/sample.ts";
import type { TrialInstants } from "../model/trial-result.ts";
import type { TrialStory } from "../model/trial-story.ts";
import { observedSamples } from "./observed-samples.ts";
import type { TrialRecord } from "./trial-facts.ts";

/** Attempts on each side of an edge, on each target. */
const AROUND = 6;

/** What a report shows of a trial beside its result. */
export function trialStory(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
  { lost, back }: TrialInstants,
): TrialStory {
  const control = samples.filter(({ target }) => target === "control");
  const told = [...observedSamples(samples), ...control];
  const around = (last_ms: number | undefined): readonly Sample[] =>
    last_ms === undefined
      ? []
      : (["desktop", "control"] as const).flatMap((target) => nearest(told, target, last_ms));
  return {
    records: records.map(({ at_ms, event }) => ({ at_ms, event })),
    edges: { lost: around(lost?.[0]), back: around(back?.[0]) },
  };
}

/** Each edge begins with the start of the last attempt before it; attempts that hang end in any order. */
function nearest(
  samples: readonly Sample[],
  target: Sample["target"],
  last_ms: number,
): readonly Sample[] {
  const own = samples
    .filter((sample) => sample.target === target)
    .toSorted((a, b) => a.seq - b.seq);
  const after = own.findIndex((sample) => sample.started_ms > last_ms);
  const at = after < 0 ? own.length : after;
  return own.slice(Math.max(0, at - AROUND), at + AROUND);
}
