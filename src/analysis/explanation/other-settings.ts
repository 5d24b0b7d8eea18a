import { middleMs } from "../../base/interval.ts";
import { lengthBetween } from "./chain.ts";
import type { Cause, Evidence } from "./evidence.ts";
import { leaseRenewal } from "./explain-kubernetes.ts";
import type { Failover, KubernetesTimers, ProxmoxTimers } from "./failover.ts";
import { sightingOf } from "./failover.ts";
import { secondsOf } from "./in-words.ts";
import { membershipChange } from "./rounds.ts";

/** Settings of the cluster that what was seen fits better than those that the prediction assumed. */
export function otherSettings({ failover }: Evidence): readonly Cause[] {
  const { timers } = failover;
  return timers.kind === "proxmox"
    ? otherToken(failover, timers)
    : [...otherGrace(failover, timers), ...otherToleration(failover, timers)];
}

/** A change of membership is this many tokens long. */
const TOKENS = 2.2;

function otherToken(failover: Failover, timers: ProxmoxTimers): readonly Cause[] {
  const seen = sightingOf(failover, "membership-lost", failover.victim);
  if (seen === null) return [];
  const [least, most] = lengthBetween(failover.fault, seen);
  const [soonest, latest] = membershipChange(timers);
  const ms = Math.max(least - latest, soonest - most);
  if (ms <= 0) return [];
  const token = secondsOf((least + most) / 2 / TOKENS);
  return [
    {
      ms,
      words: `another totem.token than assumed: corosync changed its membership after ${secondsOf((least + most) / 2)}, which fits an effective token of about ${token}`,
    },
  ];
}

/** The node is missed between the grace and two passes more after the last renewal. */
function otherGrace(failover: Failover, timers: KubernetesTimers): readonly Cause[] {
  const { node_lost } = failover.instants;
  const renewed = leaseRenewal(failover, timers);
  if (node_lost === null || renewed === null) return [];
  const { node_monitor_grace_ms: grace, node_monitor_period_ms: period } = timers;
  const [least, most] = lengthBetween(renewed, node_lost);
  const ms = Math.max(least - grace - 2 * period, grace - most);
  if (ms <= 0) return [];
  const fitting = Math.max(1, Math.round(((least + most) / 2 - period / 2) / period)) * period;
  return [
    {
      ms,
      words: `another node-monitor-grace-period than assumed: the node was lost ${secondsOf((least + most) / 2)} after its last renewal, which fits ${secondsOf(fitting)} better than ${secondsOf(grace)}`,
    },
  ];
}

/** Deletions follow the taint by the toleration, and by what a loop of 100 ms and the API take. */
const DELETION_TAKES_MS = 1500;

function otherToleration(failover: Failover, { toleration_s }: KubernetesTimers): readonly Cause[] {
  const tainted = sightingOf(failover, "fencing-started", failover.victim);
  const { fenced } = failover.instants;
  if (tainted === null || fenced === null || toleration_s === null) return [];
  const [least, most] = lengthBetween(tainted, fenced);
  const ms = Math.max(least - toleration_s * 1000 - DELETION_TAKES_MS, toleration_s * 1000 - most);
  if (ms <= 0) return [];
  return [
    {
      ms,
      words: `another tolerationSeconds than assumed: the pod was deleted ${secondsOf(middleMs(fenced) - middleMs(tainted))} after the taint, not ${toleration_s} s`,
    },
  ];
}
