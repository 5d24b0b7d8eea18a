import { OperatingError } from "../../base/errors.ts";
import { between, inSeconds, milliseconds, seconds } from "../../base/time.ts";
import type { BmcSession } from "../../clients/bmc/bmc-session.ts";
import type { FaultTools } from "../reach.ts";

const PAUSE = milliseconds(500);
/** A request to switch on that shows no effect is repeated after this long: some BMCs drop one, some take 10 s. */
const REPEAT_AFTER = seconds(20);

export async function switchOn(session: BmcSession, tools: FaultTools): Promise<void> {
  await session.control("on");
  await waitUntilOn(session, tools);
}

export async function waitUntilOn(session: BmcSession, tools: FaultTools): Promise<void> {
  const start = tools.clock.now();
  while (between(start, tools.clock.now()) < REPEAT_AFTER) {
    if ((await session.power()) === "on") return;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  throw new OperatingError(
    "not-reached",
    `Cannot switch the node on as its BMC takes the request and does not act: ${inSeconds(REPEAT_AFTER)} s later power is still off`,
  );
}
