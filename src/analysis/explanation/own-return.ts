import type { WaitText } from "../../model/explanation.ts";
import type { Step } from "./chain.ts";
import { seen } from "./chain.ts";
import type { Failover } from "./failover.ts";
import { sightingOf } from "./failover.ts";
import { probeWait } from "./probe-wait.ts";

/** Nobody was fenced: the victim was back first, and the desktop with it. */
export const cameBackByItself = ({ instants, heir, victim }: Failover): boolean =>
  instants.fenced === null && heir === victim;

/** What a desktop waits for whose own node starts it again. */
export const ownReturnSteps = (failover: Failover): readonly Step[] => [
  { text: bootWait, ...seen(sightingOf(failover, "node-returned", failover.victim)) },
  { text: restartWait, ...seen(failover.back) },
  { text: probeWait(failover.grid), ...seen(failover.back) },
];

const bootWait: WaitText = {
  name: "the victim's boot",
  phase: "recovery",
  rule: "The victim was a member of its cluster again before it was fenced, so nobody else started the desktop.",
  setting: null,
  shorten: "a machine that boots faster",
  source: "measured",
  within: null,
};

const restartWait: WaitText = {
  name: "start on the victim",
  phase: "recovery",
  rule: "The victim's own agent starts the desktop again when it may: on Proxmox VE once its old lock has expired.",
  setting: null,
  shorten: null,
  source: "measured; pve-ha-manager HA/LRM.pm:226",
  within: null,
};
