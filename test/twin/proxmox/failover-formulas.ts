/**
 * The closed formulas of how long a failover takes, written from their description and not from the twin: the oracle of
 * its tests. All times are seconds since the kill; t < 0 is before it.
 */

/** Measured on a real cluster. */
const CRM_ROUND = 10.022;
const IDLE_LRM_ROUND = 5.0075;
const ACTIVE_LRM_ROUND = 10.038;
const LOCK_LIFE = 121;
const FENCE_DELAY = 60;

export interface KillFacts {
  /** Age of the victim's agent lock at the kill. */
  readonly lockAge: number;
  /** Age of the master's last round at the kill. */
  readonly crmAge: number;
  /** Kill to the new membership. */
  readonly change: number;
}

export interface Forecast {
  readonly fence: number;
  readonly moved: number;
  /** How far the lock's expiry lies from the nearest round: near 0 the result may be one round apart. */
  readonly fromBoundary: number;
}

export function forecastWorkerLoss({ lockAge, crmAge, change }: KillFacts): Forecast {
  const next = CRM_ROUND - crmAge;
  const caught = next < change;
  const anchor = caught ? change : next;
  const lastOnline = caught ? change : next - CRM_ROUND;
  const tickAfter = (time: number): number =>
    anchor + CRM_ROUND * Math.max(0, Math.ceil((time - anchor) / CRM_ROUND));
  const fence = tickAfter(lastOnline + FENCE_DELAY);
  const expiry = LOCK_LIFE - lockAge;
  const unlock = tickAfter(Math.max(fence, expiry));
  const phase = (((expiry - anchor) % CRM_ROUND) + CRM_ROUND) % CRM_ROUND;
  return {
    fence,
    moved: unlock + CRM_ROUND,
    fromBoundary: Math.min(phase, CRM_ROUND - phase),
  };
}

/** The earliest and latest move after the loss of the CRM master, whose manager lock was `lockAge` old. */
export function forecastMasterLoss(lockAge: number): readonly [earliest: number, latest: number] {
  const earliestMaster = LOCK_LIFE - lockAge;
  return [earliestMaster + FENCE_DELAY, earliestMaster + 2 + FENCE_DELAY];
}

/** The first round at or after `flushed` of a target's LRM, whose last round before the kill was `lrmAge` old. */
export function forecastStart(
  flushed: number,
  target: { readonly kind: "idle" | "active"; readonly lrmAge: number; readonly change: number },
): number {
  const round = target.kind === "idle" ? IDLE_LRM_ROUND : ACTIVE_LRM_ROUND;
  const next = round - target.lrmAge;
  const anchor = next < target.change ? target.change : next;
  return anchor + round * Math.ceil((flushed - anchor) / round);
}
