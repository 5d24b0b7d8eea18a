import type { Experiment } from "./experiment.ts";
import type { Inventory } from "./inventory.ts";
import type { LabSpec } from "./lab.ts";

/** `plan.json`: what a run was asked to do, frozen. No secrets: only references to them. */
export interface RunPlan {
  readonly format: 1;
  readonly run: string;
  readonly tool: string;
  readonly experiment: Experiment;
  readonly inventory: Inventory;
  /** The lab's settings, when the clusters are played by the embedded one: their assumptions go into the report. */
  readonly lab: LabSpec | null;
  readonly trials: readonly PlannedTrial[];
}

export interface PlannedTrial {
  /** `001-proxmox-guest-1`: order, arm, repetition. */
  readonly id: string;
  readonly arm: string;
  readonly repetition: number;
  readonly seed: number;
}
