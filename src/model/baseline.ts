import type { ArmContrast, MeasureValues } from "./contrast.ts";
import type { DurationMeasure } from "./experiment.ts";

/** A run as later ones are held against it: small, without secrets, and ordered so that two differ only where they differ. */
export interface Baseline {
  readonly format: 1;
  readonly kind: "blackout-baseline";
  readonly run: string;
  readonly experiment: string;
  /** Version of blackout that ran it. */
  readonly tool: string;
  /** Label only. */
  readonly started_wall: string | null;
  readonly arms: readonly BaselineArm[];
}

export interface BaselineArm {
  readonly name: string;
  readonly settings: ArmSettings;
  /** Trials that say nothing: void, refused, interrupted or never started. */
  readonly without_result: number;
  /** Rounded outwards to whole milliseconds. */
  readonly measures: Readonly<Record<DurationMeasure, MeasureValues>>;
}

/** In words, what two arms must have alike for their difference to be that of two versions of one cluster. */
export interface ArmSettings {
  readonly cluster: string;
  readonly version: string;
  readonly fault: string;
  readonly desktop: string;
  readonly placement: string;
  /** "every 250 ms down to frame": null where nothing was watched. */
  readonly probe: string | null;
  /** "1" on a real cluster: lab seconds in a real one; null where the run did not begin. */
  readonly speed: string | null;
  /** "in 3 of 10"; null where there is no CRM master. */
  readonly crm_master_killed: string | null;
}

export const settingNames = [
  "cluster",
  "version",
  "fault",
  "desktop",
  "placement",
  "probe",
  "speed",
  "crm_master_killed",
] as const satisfies readonly (keyof ArmSettings)[];

/** Two runs, or a run and a baseline, held against each other: what `compare --json` prints. */
export interface Comparison {
  readonly format: 1;
  readonly run: string;
  readonly against: string;
  readonly arms: readonly ComparedArm[];
  /** Arms of either that the other has none for. */
  readonly unmatched: readonly { readonly run: string; readonly arm: string }[];
}

export interface ComparedArm extends ArmContrast {
  /** Trials of each that say nothing: what is compared was left over by them. */
  readonly without_result: readonly [own: number, other: number];
  /** What else the two differ in, so that the difference may be due to it. */
  readonly unlike: readonly {
    readonly setting: keyof ArmSettings;
    readonly own: string | null;
    readonly other: string | null;
  }[];
}
