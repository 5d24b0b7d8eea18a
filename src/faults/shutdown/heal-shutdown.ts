import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import { between, minutes, seconds } from "../../base/time.ts";
import type { Aftermath, ShutdownFault } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import { healNode } from "../machine/heal-node.ts";
import { answers } from "../node/signs-of-life.ts";
import { healing } from "../healing.ts";
import type { FaultTools } from "../reach.ts";
import { withBmc } from "../reach.ts";
import { systemState } from "./shutdown-way.ts";

const PAUSE = seconds(1);
const PAUSE_AFTER_ERROR = seconds(2);
/**
 * A machine that is up may still be about to end: the request was sent a moment ago, or the button is pressed late. It
 * counts as one that stays up when it has been so for this long.
 */
const SETTLE = seconds(20);
/** Guests are given a minute each. What takes longer hangs. */
const PATIENCE = minutes(5);

/**
 * 1. Waits until the machine has ended, since one that still does would be found on and left to go off. One that stays up
 *    was never asked, or is back already.
 * 2. Sees to it that it comes up again; one that was to power off, hangs, and says nothing any more is
 *    power-cycled.
 */
export async function healShutdown(
  victim: NodeAccess,
  action: ShutdownFault["action"],
  tools: FaultTools,
): Promise<void> {
  if (action === "poweroff" && victim.bmc === null) {
    throw new OperatingError(
      "configuration",
      `Cannot bring ${victim.name} back as the inventory has no bmc for it. Switch it on by hand`,
    );
  }
  const start = tools.clock.now();
  const end = await healing(
    {
      what: `see ${victim.name} end`,
      otherwise: "Switch it on by hand",
      pause: PAUSE_AFTER_ERROR,
    },
    tools,
    async () => await howItEnds(victim, action, start, tools),
  );
  if (end === "stays-up") return;
  await healNode(victim, aftermath(end, action, victim), { cycled: new Set() }, tools);
}

type End = "stays-up" | "ended" | "hangs";

/**
 * Never "hung" without SSH: nobody could tell such a machine from a healthy one. Nor after a reboot, where silence may
 * be the slow start of a server.
 */
function aftermath(
  end: "ended" | "hangs",
  action: ShutdownFault["action"],
  { ssh }: NodeAccess,
): Aftermath {
  if (action === "reboot") return "rebooting";
  return end === "hangs" && ssh !== null ? "hung" : "off";
}

async function howItEnds(
  victim: NodeAccess,
  action: ShutdownFault["action"],
  start: Instant,
  tools: FaultTools,
): Promise<End> {
  let upSince: Instant | null = null;
  while (between(start, tools.clock.now()) < PATIENCE) {
    if (action === "poweroff" && (await isOff(victim, tools))) return "ended";
    const now = tools.clock.now();
    upSince = (await isUp(victim, tools)) ? (upSince ?? now) : null;
    if (upSince !== null && between(upSince, now) >= SETTLE) return "stays-up";
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  return "hangs";
}

const isOff = async ({ bmc }: NodeAccess, { reach, signal }: FaultTools): Promise<boolean> =>
  bmc !== null &&
  (await withBmc(reach, bmc, signal, async (session) => (await session.power()) === "off"));

async function isUp(victim: NodeAccess, tools: FaultTools): Promise<boolean> {
  if (!(await answers(victim, tools))) return false;
  try {
    return (await systemState(victim, tools)).state === "up";
  } catch {
    tools.signal.throwIfAborted();
    // It greets and lets nobody in: it ends, or still boots.
    return false;
  }
}
