import type { Duration } from "../../base/time.ts";
import { inMs, longer, milliseconds, seconds, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Arm } from "../../model/experiment.ts";

/** Beats every 100 ms leave the fault a span of two of them; a cluster without SSH leaves it more. */
const FAULT_SPAN = milliseconds(200);
/** PVE's console is asked no more often (`ProxmoxReach`). */
const CONSOLE_PERIOD = seconds(1);

/** A clock's floors, as far as they widen a trial: on a real cluster they are nought. */
export type Floor = Pick<Clock["floor"], "period" | "lateness">;

/**
 * Half of the interval in which a trial's recovery will be known to lie, at the least: the fault's own span, a period of the
 * grid at the return, and what a lab may show late at both. Milliseconds.
 */
export const trialErrorMs = (arm: Arm, floor: Floor): number =>
  (inMs(FAULT_SPAN) + inMs(periodOf(arm, floor)) + 2 * inMs(floor.lateness)) / 2;

function periodOf({ probe, desktop }: Arm, floor: Floor): Duration {
  const asked = milliseconds(probe.period_ms);
  const onConsole = desktop.kind === "proxmox" && desktop.reach.kind === "console";
  return longer(asked, onConsole ? longer(CONSOLE_PERIOD, times(floor.period, 2)) : floor.period);
}
