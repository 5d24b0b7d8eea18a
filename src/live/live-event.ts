import type { RangeMs } from "../base/interval.ts";
import type { Layer, Phase } from "../model/experiment.ts";
import type { JournalEvent, RunEnd } from "../model/journal.ts";
import type { VerdictName } from "../model/run-report.ts";
import type { Sample } from "../model/sample.ts";
import type { MeasuredTrial } from "../analysis/analyse-trial.ts";

/** What happens in a run, told as it happens. Plain JSON; whatever foreign text is in it is not made plain yet. */
export type LiveEvent = LiveFact & {
  /** Milliseconds on the run's clock. */
  readonly at_ms: number;
};

export type LiveFact =
  | ({ readonly kind: "run-started" } & LiveRun)
  | {
      readonly kind: "trial-started";
      readonly trial: string;
      readonly arm: string;
      readonly repetition: number;
    }
  /** What it does now, in the present tense: "waiting for steady state". Null: the run, while no trial is under way. */
  | { readonly kind: "step"; readonly trial: string | null; readonly doing: string }
  /** The journal has a new record; its time is the event's. Of the run's own only those of hooks are told. */
  | { readonly kind: "record"; readonly seq: number; readonly event: JournalEvent }
  | { readonly kind: "sample"; readonly sample: Sample }
  /** Whether the trial's desktop is there to be looked at. */
  | { readonly kind: "desktop"; readonly trial: string; readonly reachable: boolean }
  | { readonly kind: "trial-ended"; readonly result: LiveResult }
  /** It heals what there is to heal, and ends. */
  | { readonly kind: "stopping"; readonly why: string }
  | { readonly kind: "run-ended"; readonly end: RunEnd; readonly detail: string }
  /** The last of all. */
  | ({ readonly kind: "run-judged" } & Judgement);

/** What a run is going to do. */
export interface LiveRun {
  readonly run: string;
  readonly tool: string;
  readonly experiment: string;
  readonly title: string;
  /** Of its clock: run seconds in one real second. */
  readonly speed: number;
  /** Trials of this process: of a run that goes on, those that were missing. */
  readonly trials: number;
  /** Those that have trials. */
  readonly arms: readonly LiveArm[];
}

export interface LiveArm {
  readonly arm: string;
  readonly cluster: string;
  /** What is done to the victim, in words. */
  readonly fault: string;
  readonly trials: number;
  /** Rest between a trial of it and the next one. */
  readonly cooldown_ms: number;
  readonly depth: Layer;
  /** Good samples in a row that count as answering again. */
  readonly consecutive: number;
  /** The machine dies, so that the five phases follow one another. */
  readonly phased: boolean;
  /** By the twin, from the inventory alone; null: it plays no such fault. */
  readonly expected: ExpectedTrial | null;
}

export interface ExpectedTrial {
  readonly recovery_ms: RangeMs;
  readonly phases_ms: Readonly<Record<Phase, RangeMs | null>>;
  /** From its start to its end, healed. */
  readonly trial_ms: RangeMs;
}

/** What a trial came to; the report will say more of it. */
export interface LiveResult extends Pick<
  MeasuredTrial,
  "trial" | "arm" | "repetition" | "victim" | "instants" | "durations_ms"
> {
  /** Null: not known while it runs, as it has more facts than are kept or they could not be read; only the report will tell. */
  readonly outcome: MeasuredTrial["outcome"] | null;
  /** The node that the desktop is on after it; null: none, or nobody told. */
  readonly moved_to: string | null;
  /** Of the recovery, by the twin and before it. */
  readonly predicted_ms: RangeMs | null;
  /** Whether the measured recovery, with its error, reaches into the predicted one; null: there is nothing to tell. */
  readonly inside: boolean | null;
  /** When it began and ended, healing included, on the run's clock. */
  readonly since_ms: number;
  readonly until_ms: number;
}

export interface Judgement {
  /** The run's folder. */
  readonly folder: string;
  /** Null: no report could be made. */
  readonly verdict: VerdictName | null;
  /** Of the process. */
  readonly exit_code: number;
}
