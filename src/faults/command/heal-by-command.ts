import { OperatingError } from "../../base/errors.ts";
import { between, inSeconds, milliseconds, seconds } from "../../base/time.ts";
import { waitUntilBooted } from "../node/signs-of-life.ts";
import { healing } from "../healing.ts";
import type { FaultTools } from "../reach.ts";
import type { Asking } from "./verbs.ts";
import { demand, powerStatus } from "./verbs.ts";

const PAUSE = milliseconds(1000);
const PAUSE_AFTER_ERROR = seconds(2);
/** A switch that shows no effect after this long is asked again. */
const REPEAT_AFTER = seconds(20);

/**
 * 1. Calls the program until it says that it has healed. Once is enough then, as a second power cycle would strike a node
 *    that boots; it is called again only when the power is seen off.
 * 2. Waits until the program says that the power is on, where it knows, and until SSH answers, where there is any.
 */
export async function healByCommand(asking: Asking, tools: FaultTools): Promise<void> {
  const { node, spec } = asking;
  const done = { healed: false };
  await healing(
    {
      what: `bring ${node.name} back`,
      otherwise: `Bring it back by hand, or call "${spec.program} ... heal ${node.name}"`,
      pause: PAUSE_AFTER_ERROR,
    },
    tools,
    async () => {
      if (!done.healed || (await powerStatus(asking, tools.signal)) === "off") {
        await demand(asking, "heal", tools.signal);
        done.healed = true;
      }
      await waitUntilNotOff(asking, tools);
      await waitUntilBooted(node, tools);
    },
  );
}

async function waitUntilNotOff(asking: Asking, tools: FaultTools): Promise<void> {
  const start = tools.clock.now();
  while (between(start, tools.clock.now()) < REPEAT_AFTER) {
    if ((await powerStatus(asking, tools.signal)) !== "off") return;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  throw new OperatingError(
    "not-reached",
    `Cannot see ${asking.node.name} come back as ${asking.spec.program} says ${inSeconds(REPEAT_AFTER)} s later that it is still off`,
  );
}
