import type { TrialEvent } from "./journal.ts";
import type { Sample } from "./sample.ts";

/** What a report shows of a trial beside its result: facts, as journal and samples have them. */
export interface TrialStory {
  readonly records: readonly StoryRecord[];
  /** The attempts around both edges of the outage, the desktop's first, each in the order of its grid. */
  readonly edges: { readonly lost: readonly Sample[]; readonly back: readonly Sample[] };
}

export interface StoryRecord {
  /** Milliseconds on the run's monotonic clock. */
  readonly at_ms: number;
  readonly event: TrialEvent;
}
