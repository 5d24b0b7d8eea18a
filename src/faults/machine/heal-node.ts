import { OperatingError } from "../../base/errors.ts";
import { between, milliseconds, seconds } from "../../base/time.ts";
import type { BmcAccess, NodeAccess } from "../../model/inventory.ts";
import type { BmcSession } from "../../clients/bmc/bmc-session.ts";
import type { Aftermath } from "../../model/fault-spec.ts";
import { answers, isSilent, waitUntilBooted } from "../node/signs-of-life.ts";
import { switchOn, waitUntilOn } from "../node/switch-on.ts";
import { healing } from "../healing.ts";
import type { FaultTools } from "../reach.ts";
import { withBmc } from "../reach.ts";

const PAUSE = milliseconds(500);
const PAUSE_AFTER_ERROR = seconds(2);
/**
 * A node found on may still be about to go off: sysrq o takes up to 3 s, and slow BMCs act up to some 20 s late
 * (teuthology #1498). It is watched for this long before it counts as healthy.
 */
const SETTLE = seconds(20);
/** A power cycle leaves a node without power for at least a second; a gap too short to be seen is fine. */
const CYCLE_GAP = seconds(2);

/** What one fault remembers of its cures, so that a repeated heal does not reset a node that is booting. */
export interface CureMemory {
  readonly cycled: Set<string>;
}

/**
 * 1. Sees to it that the victim has power, and runs: tried until the signal ends, except where trying again cannot help.
 * 2. Waits until it has booted, as far as its SSH tells: a control plane may call a node healthy that still boots.
 */
export async function healNode(
  victim: NodeAccess,
  leaves: Aftermath,
  memory: CureMemory,
  tools: FaultTools,
): Promise<void> {
  const { bmc } = victim;
  if (bmc === null && leaves !== "rebooting") {
    throw new OperatingError(
      "configuration",
      `Cannot bring ${victim.name} back as the inventory has no bmc for it: it was left ${leaves}. Switch it on by hand`,
    );
  }
  await healing(
    {
      what: `bring ${victim.name} back`,
      otherwise: "Switch it on by hand",
      pause: PAUSE_AFTER_ERROR,
    },
    tools,
    async () => {
      // One that came back by itself needs no BMC, and none was asked for before the kill.
      if (leaves === "rebooting" && (await answers(victim, tools))) return;
      if (bmc !== null) await cure({ victim, bmc }, leaves, memory, tools);
      await waitUntilBooted(victim, tools);
    },
  );
}

async function cure(
  node: { readonly victim: NodeAccess; readonly bmc: BmcAccess },
  leaves: Aftermath,
  memory: CureMemory,
  tools: FaultTools,
): Promise<void> {
  await withBmc(tools.reach, node.bmc, tools.signal, async (session) => {
    if ((await session.power()) === "off") {
      await switchOn(session, tools);
      return;
    }
    switch (leaves) {
      case "rebooting":
        return;
      case "off":
        await watchWhetherItGoesOff(session, tools);
        return;
      case "hung":
        if (memory.cycled.has(node.victim.name) || !(await isSilent(node.victim, tools))) return;
        await session.control("cycle");
        memory.cycled.add(node.victim.name);
        await tools.clock.sleep(CYCLE_GAP, tools.signal);
        await waitUntilOn(session, tools);
    }
  });
}

async function watchWhetherItGoesOff(session: BmcSession, tools: FaultTools): Promise<void> {
  const start = tools.clock.now();
  while (between(start, tools.clock.now()) < SETTLE) {
    if ((await session.power()) === "off") {
      await switchOn(session, tools);
      return;
    }
    await tools.clock.sleep(PAUSE, tools.signal);
  }
}
