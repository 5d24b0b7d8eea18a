import { OperatingError } from "../../base/errors.ts";
import { between, milliseconds, seconds } from "../../base/time.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";
import { PROOF_OF_SILENCE } from "./evidence.ts";

const PAUSE = milliseconds(500);
/** A node that has power and is not up after this long has its power looked at again. Servers take minutes to boot. */
const BOOT_LOOK = seconds(60);

export const answers = async (
  victim: NodeAccess,
  { reach, signal }: Pick<FaultTools, "reach" | "signal">,
): Promise<boolean> => victim.ssh !== null && (await reach.pulse(victim.ssh, signal)) === "answers";

/** A panicked kernel answers nothing at all. One that refuses, or greets, is alive and must not be cut off. */
export async function isSilent(victim: NodeAccess, tools: FaultTools): Promise<boolean> {
  if (victim.ssh === null) return true;
  for (let tries = 0; tries < PROOF_OF_SILENCE; tries++) {
    if ((await tools.reach.pulse(victim.ssh, tools.signal)) !== "silent") return false;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  return true;
}

/** Gives up after a while, so that one which lost its power again is switched on again. */
export async function waitUntilBooted(victim: NodeAccess, tools: FaultTools): Promise<void> {
  if (victim.ssh === null) return;
  const start = tools.clock.now();
  while (!(await answers(victim, tools))) {
    if (between(start, tools.clock.now()) >= BOOT_LOOK) {
      throw new OperatingError(
        "not-reached",
        `Cannot see ${victim.name} boot as its SSH is not up yet: ${victim.ssh.host}:${victim.ssh.port} does not answer`,
      );
    }
    await tools.clock.sleep(PAUSE, tools.signal);
  }
}
