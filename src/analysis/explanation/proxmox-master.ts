import type { SpanMs } from "../../base/interval.ts";
import type { WaitText } from "../../model/explanation.ts";
import type { Step } from "./chain.ts";
import { lengthBetween, seen } from "./chain.ts";
import { sightingOf } from "./failover.ts";
import { aboutSeconds } from "./in-words.ts";
import type { WaitFacts } from "./proxmox-waits.ts";
import { fenceDelayWait, membershipWait } from "./proxmox-waits.ts";
import { CRM_ROUNDS, LOCK_LIFE } from "./rounds.ts";
import { common, lastBefore, later, sooner } from "./spans.ts";

/**
 * The CRM master was lost with its node: its lock has to expire before there is a new one, which counts the fence delay from
 * its own first round. By then the agent lock has long expired, and the same round deletes and takes it.
 */
export function masterSteps(facts: WaitFacts): readonly Step[] {
  const { failover, membership } = facts;
  const { node_lost, fenced } = failover.instants;
  const renewed = masterRenewal(facts);
  const fencing = sightingOf(failover, "fencing-started", failover.victim);
  return [
    { text: membershipWait(facts, "manager lock"), ...membership },
    {
      text: managerLockWait(facts, renewed),
      end: managerExpiry(renewed, node_lost),
      seen: false,
    },
    { text: newMasterWait, ...seen(node_lost) },
    { text: ownFenceDelayWait, ...seen(fencing) },
    { text: takingAtOnceWait, ...seen(fenced) },
  ];
}

/** Then the delay passes beside the agent lock, and there is no manager lock to wait for. */
const NOT_THE_MASTER = "a victim that is not the CRM master";

/** The manager lock is renewed where a round begins, whose status is written where it ends, up to 1 s later. */
const RENEWAL_BEFORE_WRITE_MS = 1000;

function masterRenewal({ failover, timers }: WaitFacts): SpanMs | null {
  const { crm_age_ms, at_ms } = timers;
  if (crm_age_ms === null) return null;
  const [youngest, oldest] = crm_age_ms;
  const read = { at: at_ms, age: [youngest, oldest + RENEWAL_BEFORE_WRITE_MS] } as const;
  return lastBefore(failover.fault, read, CRM_ROUNDS);
}

/** Slaves try once a second: one try has the lock deleted, the next takes it, and the first round of a master follows. */
const NEW_MASTER_WITHIN_MS = 4000;

function managerExpiry(renewed: SpanMs | null, node_lost: SpanMs | null): SpanMs | null {
  if (renewed === null) return null;
  const ruled = later(renewed, LOCK_LIFE);
  return node_lost === null ? ruled : common(ruled, sooner(node_lost, [0, NEW_MASTER_WITHIN_MS]));
}

function managerLockWait({ failover }: WaitFacts, renewed: SpanMs | null): WaitText {
  const age =
    renewed === null
      ? "at an unknown time"
      : `${aboutSeconds(lengthBetween(renewed, failover.fault))} before the kill`;
  return {
    name: "manager lock",
    phase: "detection",
    rule: `The victim was the CRM master, and there is no new one until its lock has gone more than 120 whole seconds without renewal; it was last renewed ${age}.`,
    setting: null,
    shorten: NOT_THE_MASTER,
    source: "pve-cluster src/pmxcfs/memdb.c:42 and :346, pve-ha-manager HA/CRM.pm:94",
    within: null,
  };
}

const ownFenceDelayWait: WaitText = {
  ...fenceDelayWait(null),
  rule: "A node is fenced when no round has seen it online for 60 s, and a new master begins to count with its own first round.",
  shorten: NOT_THE_MASTER,
  source: "pve-ha-manager HA/NodeStatus.pm:8 and :63",
};

const newMasterWait: WaitText = {
  name: "new CRM master",
  phase: "detection",
  rule: "The other CRMs try for the lock once a second; one try has it deleted, the next takes it, and the new master's first round misses the node.",
  setting: null,
  shorten: null,
  source: "pve-ha-manager HA/CRM.pm:94 and :428",
  within: null,
};

const takingAtOnceWait: WaitText = {
  name: "taking the agent lock",
  phase: "fencing",
  rule: "The agent lock has long expired: the round that fences tries twice, has it deleted, and takes it.",
  setting: null,
  shorten: null,
  source: "pve-ha-manager HA/Manager.pm:1157, HA/NodeStatus.pm:254",
  within: null,
};
