/**
 * Closed formulas of what each fault does and when, written from their description and not from the twin. Seconds since
 * the fault; an age is how old something was at it.
 */

const CRM_ROUND = 10.022;
const LRM_ROUND = 10.038;
const FENCE_DELAY = 60;
/** Six tries a second apart. */
const LOCK_TRIES = 5.001;

export type Range = readonly [earliest: number, latest: number];

/** 2.2 x token on three nodes; on a quiet ring the token had been held for up to `totem.hold`, 0.685 s. */
export const LOSS_NOTICED: Range = [8.03 - 0.685 - 1e-6, 8.03 + 1e-6];
/** A goodbye. */
export const LEAVE_NOTICED: Range = [0.049, 0.1];
/** Device no more fed, less the second since it last was. */
export const DEVICE_RESET: Range = [9, 10];

/** A client that is never heard of again: more than 60 whole seconds, a look a second, 10 s less the look before. */
export const silentClientReset = (updateAge: number): Range => [69 - updateAge, 71 - updateAge];

/** The LRM finds out in its next round; a round caught while its pmxcfs waits goes on after that. */
export const lockLost = (lrmAge: number, waitsUntil: number): number =>
  Math.max(LRM_ROUND - lrmAge, waitsUntil) + LOCK_TRIES;

/** The first round of the CRM master at or after `time`. */
const crmRound = (crmAge: number, time: number): number =>
  CRM_ROUND * Math.max(0, Math.ceil((time + crmAge) / CRM_ROUND)) - crmAge;

/** The lock is free, so that fencing and move happen in the first round 60 s after the last that saw the node. */
export const movedAfterLeave = (crmAge: number, left: number): number =>
  crmRound(crmAge, crmRound(crmAge, left) - CRM_ROUND + FENCE_DELAY);

/** The LRM stops its guests in its next round. */
export const guestsStopped = (lrmAge: number, guestShutdown: number): number =>
  LRM_ROUND - lrmAge + guestShutdown;

/** The CRM takes the wish in its next round, the LRM in the round after that; its memory is copied meanwhile. */
export function migrated(crmAge: number, lrmAge: number, migration: number): number {
  const wished = CRM_ROUND - crmAge;
  const begun = LRM_ROUND * Math.ceil((wished + 0.03 + lrmAge) / LRM_ROUND) - lrmAge;
  return begun + migration;
}
