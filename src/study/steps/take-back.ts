import type { CleanupFailure } from "../../base/cleanup.ts";
import { milliseconds } from "../../base/time.ts";
import type { Trial } from "../trial.ts";

/** Undoes everything, last first: heal the victim, stop observing, remove the desktop. Each has a budget of its own. */
export async function takeBack({ parts, cleanup }: Trial): Promise<readonly CleanupFailure[]> {
  return await cleanup.unwind(() => parts.clock.timeout(milliseconds(parts.arm.limits.heal_ms)));
}
