import type { SpanMs } from "../../base/interval.ts";
import type { WaitText } from "../../model/explanation.ts";
import type { TrialGrid } from "../../model/trial-result.ts";
import { lengthBetween } from "./chain.ts";
import type { Failover, ProxmoxTimers } from "./failover.ts";
import { aboutSeconds } from "./in-words.ts";
import type { End } from "./proxmox-instants.ts";
import { caughtInTheFreeze, lateByARound } from "./proxmox-instants.ts";
import { membershipChange } from "./rounds.ts";

export interface WaitFacts {
  readonly failover: Failover;
  readonly timers: ProxmoxTimers;
  readonly membership: End & { readonly end: SpanMs };
}

/** What the rules of PVE and corosync say of each wait (facts/proxmox-ve.md 1.1 to 1.4 and 7). */

export function membershipWait({ timers }: WaitFacts, within: string | null): WaitText {
  const { nodes, token_ms, token_coefficient_ms } = timers;
  return {
    name: "corosync membership",
    phase: "detection",
    rule: `The others give a silent node up when its token is lost and a consensus of 1.2 times as long has expired: ${aboutSeconds(membershipChange(timers))}, the sooner the longer the token had been idle.`,
    setting: `totem.token = ${token_ms} ms + ${Math.max(0, nodes - 2)} x ${token_coefficient_ms} ms`,
    shorten: "a smaller totem.token",
    source: "corosync exec/totemsrp.c:1760, exec/totemconfig.c:324 and :351",
    within,
  };
}

export function firstRoundWait(
  { failover, timers, membership }: WaitFacts,
  within: string | null,
): WaitText {
  const caught = caughtInTheFreeze(failover, timers, membership.end);
  const rule =
    caught === true
      ? "A round of the CRM master that waited for corosync had taken its list of members before, so the next one, 10 s later, was the first to see the node offline."
      : "The CRM master looks at its nodes once in 10 s, and the first round after the new membership sees the node offline.";
  return {
    name: "CRM round",
    phase: "detection",
    rule,
    setting: null,
    shorten: null,
    source: "pve-ha-manager HA/CRM.pm:361, HA/NodeStatus.pm:175",
    within,
  };
}

export const fenceDelayWait = (within: string | null): WaitText => ({
  name: "fence delay",
  phase: "fencing",
  rule: "A node is fenced when no round has seen it online for 60 s; the last that did was the one before it was missed.",
  setting: null,
  shorten: null,
  source: "pve-ha-manager HA/NodeStatus.pm:8 and :145",
  within,
});

export function agentLockWait({ fault }: Failover, renewed: SpanMs | null): WaitText {
  const age =
    renewed === null
      ? "at an unknown time"
      : `${aboutSeconds(lengthBetween(renewed, fault))} before the kill`;
  return {
    name: "agent lock",
    phase: "fencing",
    rule: `The service may move when the victim's agent lock has gone more than 120 whole seconds without renewal; it was last renewed ${age}.`,
    setting: null,
    shorten: null,
    source: "pve-cluster src/pmxcfs/memdb.c:42 and :346",
    within: null,
  };
}

export function unlockingWait(
  { failover, timers, membership }: WaitFacts,
  renewed: SpanMs | null,
): WaitText {
  const caught = caughtInTheFreeze(failover, timers, membership.end) === true;
  const late = caught && lateByARound(failover, timers, membership.end);
  const age =
    renewed === null
      ? "too young"
      : `only ${aboutSeconds(lengthBetween(renewed, failover.fault))} old`;
  return {
    name: "unlocking round",
    phase: "fencing",
    rule: late
      ? `Late by one round: rounds counted from the new membership, and the lock, ${age} at the kill, had not expired when the usual one came; the next, 10 s later, has it deleted.`
      : "The first CRM round after the lock's expiry, up to 10 s later, only has it deleted.",
    setting: null,
    shorten: null,
    source: "pve-ha-manager HA/Env/PVE2.pm:329, pve-cluster src/pmxcfs/dcdb.c:830",
    within: null,
  };
}

export const takingWait: WaitText = {
  name: "taking round",
  phase: "fencing",
  rule: "The CRM round that had the lock deleted is over with its failure; the next one, 10 s later, takes it, and the node counts as fenced.",
  setting: null,
  shorten: null,
  source: "pve-ha-manager HA/Env/PVE2.pm:320 and :335",
  within: null,
};

export const moveWait: WaitText = {
  name: "recovery and move",
  phase: "placement",
  rule: "In the same round the CRM master chooses the target and moves the VM's configuration to it.",
  setting: null,
  shorten: null,
  source: "pve-ha-manager HA/Manager.pm:1607",
  within: null,
};

/** `state` of the target's LRM before the kill, as PVE calls it; null: not read. */
export function lrmWait(state: string | null): WaitText {
  const active = state === "active";
  return {
    name: "target LRM",
    phase: "start",
    rule:
      state === null
        ? "The target's LRM starts the VM in its next round: 5 s apart when idle, 10 s when active."
        : `The target's LRM was ${active ? "active, with rounds 10 s apart" : "idle, with rounds 5 s apart"}; the next one after the move starts the VM.`,
    setting: state === null ? null : `LRM of the target = ${active ? "active" : "idle"}`,
    shorten: active ? "a target without HA services of its own, whose LRM looks every 5 s" : null,
    source: "pve-ha-manager HA/LRM.pm:457 and :533",
    within: null,
  };
}

/** PVE's console answers with QEMU; the guest's own noVNC when it has booted. */
export function serviceWait({ endpoint }: TrialGrid): WaitText {
  const common = { phase: "service", setting: null, within: null } as const;
  return endpoint.startsWith("console")
    ? {
        ...common,
        name: "QEMU start",
        rule: "What is left of the time between the start's task and the console's picture: no rule of PVE, but storage and QEMU.",
        shorten: "storage that is quicker to activate",
        source: "measured; qemu-server PVE/QemuServer.pm vm_start",
      }
    : {
        ...common,
        name: "QEMU and guest boot",
        rule: "What is left of the time between the start's task and the guest's noVNC answering: no rule of PVE, but storage, QEMU and the guest's boot.",
        shorten: "a guest that boots faster and starts its noVNC earlier",
        source: "measured; qemu-server PVE/QemuServer.pm vm_start",
      };
}
