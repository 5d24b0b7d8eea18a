import type { Clock } from "../contracts/clock.ts";
import type { ClusterDriver } from "../contracts/cluster-driver.ts";
import type { Fault } from "../contracts/fault.ts";
import type { Journal, SampleSink } from "../contracts/journal.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Progress } from "../contracts/progress.ts";
import type { Random } from "../contracts/random.ts";
import type { Arm } from "../model/experiment.ts";
import type { SafetyLimits } from "../model/inventory.ts";
import type { PlannedTrial } from "../model/plan.ts";

/** Everything that one trial uses. Nothing of it is ambient. */
export interface TrialParts {
  readonly run: string;
  readonly trial: PlannedTrial;
  readonly arm: Arm;
  readonly cluster: ClusterParts;
  readonly fault: Fault;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly samples: SampleSink;
  readonly progress: Progress;
}

export interface ClusterParts {
  readonly driver: ClusterDriver;
  readonly safety: SafetyLimits;
  /** What the inventory pins; null where it pins nothing. */
  readonly identity: { readonly name: string | null; readonly fingerprint: string | null };
}
