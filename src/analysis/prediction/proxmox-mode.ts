import { present } from "../../base/assert.ts";
import type { Instant } from "../../base/time.ts";
import { between, inSeconds } from "../../base/time.ts";
import type { PredictedMode } from "../../model/prediction.ts";
import { FENCE_DELAY_SECONDS, LOCK_LIFETIME_SECONDS } from "../../twin/proxmox/constants.ts";
import { ACTIVE_LRM_LOOP, CRM_LOOP } from "../../twin/proxmox/standing.ts";
import type { ProxmoxSteps } from "./watch-proxmox.ts";

type Mode = Pick<PredictedMode, "name" | "why">;

const ROUND_S = inSeconds(CRM_LOOP.round);
/** A lock that has just not been renewed again. */
const OLDEST_LOCK_S = inSeconds(ACTIVE_LRM_LOOP.round);
const LOCK_LIFE_S = LOCK_LIFETIME_SECONDS + 1;

/** The victim was the CRM master; `renewed`: it had begun another round since its last one showed. */
export const masterMode = (renewed: boolean): Mode => ({
  name: `CRM master killed${renewed ? ", just after another round" : ""}`,
  why: `another node becomes master when the manager lock is ${LOCK_LIFE_S} s old, and waits ${FENCE_DELAY_SECONDS} s more before it fences; by then the victim's own lock has long expired`,
});

/** Which of the CRM's rounds took the lock of another victim, and from where they count (facts/proxmox-ve.md 1.4). */
export function workerMode(steps: ProxmoxSteps, killed: Instant): Mode {
  const isCaught = steps.caught !== null;
  const late = roundsLate(steps, killed);
  return {
    name: `${isCaught ? "caught in the freeze" : "not caught in the freeze"}, ${lateInWords(late)}`,
    why: `${isCaught ? CAUGHT : FREE}; ${late === 0 ? ON_TIME : LATE}`,
  };
}

const CAUGHT =
  "a round of the CRM waited for corosync's new membership, and its rounds count from there";
const FREE = "the CRM's next round came after corosync's new membership, and found the node gone";
const ON_TIME = `the victim's lock was ${LOCK_LIFE_S} s old by the first round that can take it`;
const LATE = `the victim had renewed its lock too shortly before the kill for the first round that can take it, and rounds are ${CRM_LOOP.round / 1e9} s apart`;

function lateInWords(rounds: number): string {
  if (rounds === 0) return "on time";
  return rounds === 1 ? "late by one round" : `late by ${rounds} rounds`;
}

/** Rounds between the one that asked for the lock in vain and the first that could have found any lock expired. */
function roundsLate(
  { caught, formed, firstRound, unlocked }: ProxmoxSteps,
  killed: Instant,
): number {
  const anchor = present(caught === null ? firstRound : formed, "the CRM's first round");
  const anchor_s = inSeconds(between(killed, anchor));
  const took = Math.round(
    inSeconds(between(anchor, present(unlocked, "the expired lock"))) / ROUND_S,
  );
  const lockAllows = Math.ceil((LOCK_LIFE_S - OLDEST_LOCK_S - anchor_s) / ROUND_S);
  const fenceAllows = Math.ceil(FENCE_DELAY_SECONDS / ROUND_S) - (caught === null ? 1 : 0);
  return Math.max(0, took - Math.max(lockAllows, fenceAllows));
}
