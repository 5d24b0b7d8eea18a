import type { ProbeSpec } from "../model/experiment.ts";
import type { JournalRecord, RunEnd } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import type { Endpoint } from "./endpoint.ts";

/** Told what happens as it happens; must not throw and must not block. */
export interface Progress {
  runStarted(plan: RunPlan): void;
  trialStarted(trial: PlannedTrial): void;
  /** What the trial is doing now, in the present tense: "waiting for steady state". Null: the run, while no trial is under way. */
  step(trial: PlannedTrial | null, doing: string): void;
  record(record: JournalRecord): void;
  sample(sample: Sample): void;
  trialEnded(trial: PlannedTrial): void;
  /** How to reach the trial's desktop from now on; null: it is about to be removed. */
  desktop(trial: PlannedTrial, way: DesktopWay | null): void;
  /** Nothing comes after it. */
  runEnded(ending: RunEnding): void;
}

/** Asked each time, as it leads around the victim once that is known. */
export interface DesktopWay {
  readonly endpoint: () => Endpoint;
  readonly spec: ProbeSpec;
}

export interface RunEnding {
  readonly end: RunEnd;
  readonly detail: string;
}
