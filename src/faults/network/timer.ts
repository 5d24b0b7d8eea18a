import { OperatingError } from "../../base/errors.ts";
import { milliseconds } from "../../base/time.ts";
import type { SshAccess } from "../../model/inventory.ts";
import { told } from "../node/ssh-output.ts";
import type { FaultTools } from "../reach.ts";

/** `$0` of the timer's shell, by which it is found among the node's processes. */
const MARKER = "blackout-network-timer";
/** Brackets, so that the search does not find itself. */
const SEARCH = "pgrep -f 'blackout-network-[t]imer'";

/** A process of the victim that outlives the session, waits, and runs `commands` one after the other, whatever they say. */
export const timerCommand = (seconds: number, commands: readonly string[]): string =>
  `setsid sh -c 'sleep ${seconds}; ${commands.join("; ")}' ${MARKER} >/dev/null 2>&1 </dev/null &`;

/** Whether such a process runs. Rejects where it cannot be told: pgrep is not there, for one. */
export async function timerRuns(
  access: SshAccess,
  tools: Pick<FaultTools, "reach" | "signal">,
): Promise<boolean> {
  const { code, stdout, stderr } = await told(access, SEARCH, tools);
  if (code === 0 && stdout !== "") return true;
  // 1: none found. Everything else is trouble.
  if (code === 1) return false;
  throw new OperatingError(
    "rejected",
    `Cannot tell whether a timer runs on ${access.host} as "${SEARCH}" failed there: its exit code is ${code} (${stderr})`,
  );
}

/** A shell that has just been started takes a moment to show. */
const LOOKS = 4;
const PAUSE = milliseconds(250);

/** Rejects when it is not seen: without a timer there is no cut. */
export async function seeTimerRun(access: SshAccess, tools: FaultTools): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    if (await timerRuns(access, tools)) return;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  throw new OperatingError(
    "not-reached",
    `Cannot cut the network of ${access.host} as the timer that takes it up again is not seen to run there. Nothing was cut`,
  );
}
