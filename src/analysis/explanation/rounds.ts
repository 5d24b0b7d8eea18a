import type { RangeMs } from "../../base/interval.ts";
import { inMs } from "../../base/time.ts";
import {
  CONSENSUS_FACTOR,
  FENCE_DELAY_SECONDS,
  LOCK_LIFETIME_SECONDS,
  ONE_SECOND_SLEEP,
} from "../../twin/proxmox/constants.ts";
import { ACTIVE_LRM_LOOP, CRM_LOOP, IDLE_LRM_ROUND } from "../../twin/proxmox/standing.ts";
import { effectiveTokenMs, holdOf } from "../../twin/proxmox/totem.ts";

/** The lengths that Proxmox VE's rules give, in milliseconds (facts/proxmox-ve.md 1.1, 1.4 and 7). */

/** What costs differ by from round to round. */
const CLOSE_MS = 20;

/** 10.022 s; one in fifty is a sleep of a second shorter, as whole seconds are counted. */
export const CRM_ROUND_MS = inMs(CRM_LOOP.round);
export const ACTIVE_LRM_ROUND_MS = inMs(ACTIVE_LRM_LOOP.round);
export const IDLE_LRM_ROUND_MS = inMs(IDLE_LRM_ROUND);

/** What a slow machine adds. */
const SLOWNESS_MS = 80;
/** What the shorter rounds and a slow machine's longer ones leave. */
const around = (round: number): RangeMs => [
  round - inMs(ONE_SECOND_SLEEP) - CLOSE_MS,
  round + SLOWNESS_MS,
];
/** What all but the one in fifty take. */
export const CRM_USUAL_ROUND: RangeMs = [CRM_ROUND_MS - CLOSE_MS, CRM_ROUND_MS + SLOWNESS_MS];
export const CRM_ROUNDS: RangeMs = around(CRM_ROUND_MS);
export const ACTIVE_LRM_ROUNDS: RangeMs = around(ACTIVE_LRM_ROUND_MS);

/** From its last renewal to when the judge lets a lock go: `now - renewed > 120` on whole seconds. */
export const LOCK_LIFE: RangeMs = [
  LOCK_LIFETIME_SECONDS * 1000,
  (LOCK_LIFETIME_SECONDS + 1) * 1000,
];
export const FENCE_DELAY_MS = FENCE_DELAY_SECONDS * 1000;

export interface Totem {
  readonly nodes: number;
  readonly token_ms: number;
  readonly token_coefficient_ms: number;
}

/** Seen: the new membership is synchronised within so much. */
const SYNC_MS = 120;

/** From a node's death to a membership without it: token loss, then consensus, less what the idle token had been held. */
export function membershipChange({ nodes, ...settings }: Totem): RangeMs {
  const token = effectiveTokenMs(settings, nodes);
  const change = token * (1 + CONSENSUS_FACTOR);
  return [change - inMs(holdOf(token)), change + SYNC_MS];
}
