import type { Clock } from "../contracts/clock.ts";
import type { ClusterDriver } from "../contracts/cluster-driver.ts";
import type { Fault } from "../contracts/fault.ts";
import type { Journal, SampleSink } from "../contracts/journal.ts";
import type { Machines } from "../contracts/machines.ts";
import type { Predict } from "../contracts/predict.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Progress } from "../contracts/progress.ts";
import type { Random } from "../contracts/random.ts";
import type { DesktopViews, PictureSink } from "../contracts/viewing.ts";
import type { Arm } from "../model/experiment.ts";
import type { OverridableGuard } from "../model/guard.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Owing } from "./lock/held-lock.ts";
import type { ApiHost } from "../model/inventory.ts";
import type { SafetyLimits } from "../model/safety.ts";
import type { Spent } from "./spent.ts";
import type { StudyHooks } from "./study-hooks.ts";

/** Everything that one trial uses. Nothing of it is ambient. */
export interface TrialParts {
  readonly run: string;
  readonly trial: PlannedTrial;
  readonly arm: Arm;
  readonly cluster: ClusterParts;
  /** The cluster's lock, which this run has. */
  readonly lock: Owing;
  readonly fault: Fault;
  readonly hooks: StudyHooks;
  readonly probe: Probe;
  readonly views: DesktopViews;
  readonly pictures: PictureSink;
  readonly predict: Predict;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly samples: SampleSink;
  readonly progress: Progress;
  readonly overrides: readonly OverridableGuard[];
  readonly spent: Spent;
}

export interface ClusterParts {
  readonly driver: ClusterDriver;
  readonly safety: SafetyLimits;
  /** What the inventory pins; null where it pins nothing. */
  readonly identity: { readonly name: string | null; readonly fingerprint: string | null };
  readonly apiHosts: readonly ApiHost[];
  readonly machines: Machines;
}
