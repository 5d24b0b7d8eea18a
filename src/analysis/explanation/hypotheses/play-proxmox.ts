import {
  ACTIVE_LRM_ROUND_MS,
  CRM_ROUND_MS,
  FENCE_DELAY_MS,
  IDLE_LRM_ROUND_MS,
  LOCK_LIFE,
  membershipChange,
} from "../rounds.ts";
import type { Totem } from "../rounds.ts";
import type { PlayedFailover } from "./hypothesis.ts";

export interface ProxmoxCase extends Totem {
  readonly target: "idle" | "active";
  readonly master: boolean;
}

export const modes = {
  inTime: "caught in the freeze, lock expired in time",
  late: "caught in the freeze, late by one round",
  free: "no round caught in the freeze",
  newMaster: "a new CRM master",
} as const;

/** A failover by the closed formulas (facts/proxmox-ve.md 1.4), at a random phase of all loops. `draw` is uniform in [0, 1). */
export function playProxmox(way: ProxmoxCase, draw: () => number): PlayedFailover {
  const [soonest, latest] = membershipChange(way);
  const change = soonest + (latest - soonest) * draw();
  const { moved, mode } = way.master ? masterLoss(draw) : workerLoss(change, draw);
  return { ruled_ms: nextRound(way, change, moved, draw), mode };
}

interface Moved {
  readonly moved: number;
  readonly mode: string;
}

function workerLoss(change: number, draw: () => number): Moved {
  const next = CRM_ROUND_MS * draw();
  const caught = next < change;
  const anchor = caught ? change : next;
  const lastOnline = caught ? change : next - CRM_ROUND_MS;
  const expired = lockLife(draw) - ACTIVE_LRM_ROUND_MS * draw();
  const unlocking = Math.ceil(
    (Math.max(expired, lastOnline + FENCE_DELAY_MS) - anchor) / CRM_ROUND_MS,
  );
  const moved = anchor + (unlocking + 1) * CRM_ROUND_MS;
  if (!caught) return { moved, mode: modes.free };
  const usual = Math.ceil((LOCK_LIFE[0] - ACTIVE_LRM_ROUND_MS - anchor) / CRM_ROUND_MS);
  return { moved, mode: unlocking > usual ? modes.late : modes.inTime };
}

/** Slaves poll each second; a round later than that tries twice, and the delay is over in the seventh round. */
function masterLoss(draw: () => number): Moved {
  const elected = lockLife(draw) - CRM_ROUND_MS * draw() + 1000 + 1000 * draw();
  const rounds = Math.ceil(FENCE_DELAY_MS / CRM_ROUND_MS);
  return { moved: elected + rounds * CRM_ROUND_MS, mode: modes.newMaster };
}

const lockLife = (draw: () => number): number =>
  LOCK_LIFE[0] + (LOCK_LIFE[1] - LOCK_LIFE[0]) * draw();

/** The CRM writes its status so much after the move, and an LRM reads it then. */
const FLUSH_MS = 30;

/** Of the target's LRM: its rounds count from the new membership where one was caught in the freeze. */
function nextRound(
  { target }: ProxmoxCase,
  change: number,
  moved: number,
  draw: () => number,
): number {
  const round = target === "idle" ? IDLE_LRM_ROUND_MS : ACTIVE_LRM_ROUND_MS;
  const next = round * draw();
  const anchor = next < change ? change : next;
  return anchor + round * Math.ceil((moved + FLUSH_MS - anchor) / round);
}
