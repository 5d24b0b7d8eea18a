import type { SpanMs } from "../../base/interval.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../../model/cluster-facts.ts";
import type { Explanation } from "../../model/explanation.ts";
import type { Sample } from "../../model/sample.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { likelyCauses } from "./causes.ts";
import type { Step } from "./chain.ts";
import { waitsBetween } from "./chain.ts";
import type { Predicted } from "./evidence.ts";
import { kubernetesSteps } from "./explain-kubernetes.ts";
import { proxmoxSteps } from "./explain-proxmox.ts";
import type { Failover } from "./failover.ts";
import { cameBackByItself, ownReturnSteps } from "./own-return.ts";

/** What the journal has beyond the trial's result. */
export interface Told {
  readonly timers: ClusterTimers | null;
  readonly events: readonly ControlPlaneEvent[];
  readonly samples: readonly Sample[];
  readonly lateness_ms: number;
  /** Whether the fault takes the machine away, so that its desktop has to be started anew. */
  readonly killed: boolean;
}

/** What a trial measured, as far as its explanation needs it. */
export type Measured = Pick<
  TrialResult,
  "outcome" | "instants" | "victim" | "grid" | "after" | "durations_ms" | "samples"
>;

/** Why a recovery took as long as it did; null where there was none, or where the cluster's timers were not read. */
export function explainTrial(
  trial: Measured,
  told: Told,
  predicted: Predicted | null,
): Explanation | null {
  const failover = failoverOf(trial, told);
  if (failover === null) return null;
  const outside = predicted?.inside === false;
  return {
    waits: waitsBetween(failover.fault, failover.back, stepsOf(failover)),
    placed:
      predicted === null || predicted.inside === null
        ? "not-predicted"
        : outside
          ? "outside"
          : "inside",
    causes: outside ? likelyCauses({ trial, failover, predicted, samples: told.samples }) : [],
  };
}

function failoverOf(trial: Measured, told: Told): Failover | null {
  const { outcome, instants, victim, grid } = trial;
  const { fault, back } = instants;
  if (outcome.kind !== "recovered" || !told.killed || told.timers === null) return null;
  if (fault === null || back === null || victim === null || grid === null) return null;
  return {
    timers: told.timers,
    fault,
    back,
    instants,
    events: told.events,
    victim,
    heir: heirOf(told.events, fault, back) ?? trial.after?.node ?? null,
    grid,
    lateness_ms: told.lateness_ms,
  };
}

const heirOf = (events: readonly ControlPlaneEvent[], fault: SpanMs, back: SpanMs): string | null =>
  events.findLast(
    ({ kind, observed_ms: [earliest, latest] }) =>
      kind === "node-chosen" && latest >= fault[0] && earliest <= back[1],
  )?.node ?? null;

function stepsOf(failover: Failover): readonly Step[] {
  if (cameBackByItself(failover)) return ownReturnSteps(failover);
  return failover.timers.kind === "proxmox"
    ? proxmoxSteps(failover, failover.timers)
    : kubernetesSteps(failover, failover.timers);
}
