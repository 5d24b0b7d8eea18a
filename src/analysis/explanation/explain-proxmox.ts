import type { Step } from "./chain.ts";
import { seen } from "./chain.ts";
import type { Failover, ProxmoxTimers } from "./failover.ts";
import { sightingOf } from "./failover.ts";
import { agentLock, membershipOf } from "./proxmox-instants.ts";
import { masterSteps } from "./proxmox-master.ts";
import type { WaitFacts } from "./proxmox-waits.ts";
import {
  agentLockWait,
  fenceDelayWait,
  firstRoundWait,
  lrmWait,
  membershipWait,
  moveWait,
  serviceWait,
  takingWait,
  unlockingWait,
} from "./proxmox-waits.ts";
import { probeWait } from "./probe-wait.ts";

/** What a desktop under PVE HA waits for when its node is lost, in order (facts/proxmox-ve.md 1.3 and 1.4). */
export function proxmoxSteps(failover: Failover, timers: ProxmoxTimers): readonly Step[] {
  const facts: WaitFacts = { failover, timers, membership: membershipOf(failover, timers) };
  return [
    ...(timers.victim_is_master ? masterSteps(facts) : workerSteps(facts)),
    ...commonSteps(facts),
  ];
}

function workerSteps(facts: WaitFacts): readonly Step[] {
  const { failover, membership } = facts;
  const { node_lost, fenced } = failover.instants;
  const lock = agentLock(failover, facts.timers);
  const fencing = sightingOf(failover, "fencing-started", failover.victim);
  // With a token of half a minute the fence delay ends later.
  const outlasts = fencing === null || lock.expired === null || lock.expired[1] > fencing[0];
  const within = outlasts ? "agent lock" : null;
  return [
    { text: membershipWait(facts, within), ...membership },
    { text: firstRoundWait(facts, within), ...seen(node_lost) },
    { text: fenceDelayWait(within), ...seen(fencing) },
    { text: agentLockWait(failover, lock.renewed), end: lock.expired, seen: false },
    { text: unlockingWait(facts, lock.renewed), end: lock.unlocked, seen: false },
    { text: takingWait, ...seen(fenced) },
  ];
}

/** From the fencing on, whoever was lost. */
function commonSteps(facts: WaitFacts): readonly Step[] {
  const { failover, timers } = facts;
  const { node_chosen, instance_started } = failover.instants;
  const heir = failover.heir === null ? null : (timers.lrm_states[failover.heir] ?? null);
  return [
    { text: moveWait, ...seen(node_chosen) },
    { text: lrmWait(heir), ...seen(instance_started) },
    { text: serviceWait(failover.grid), ...seen(failover.back) },
    { text: probeWait(failover.grid), ...seen(failover.back) },
  ];
}
