import { OperatingError } from "../base/errors.ts";
import { between, inSeconds, milliseconds, seconds } from "../base/time.ts";
import type { BmcAccess, NodeAccess } from "../model/inventory.ts";
import type { BmcSession } from "../clients/bmc/bmc-session.ts";
import { retrying } from "../clients/shared/retrying.ts";
import { PROOF_OF_SILENCE } from "./death.ts";
import type { Method } from "./method.ts";
import type { FaultTools } from "./reach.ts";
import { withBmc } from "./reach.ts";

const PAUSE = milliseconds(500);
const PAUSE_AFTER_ERROR = seconds(2);
/** A request to switch on that shows no effect is repeated after this long: some BMCs drop one, some take 10 s. */
const REPEAT_AFTER = seconds(20);
/**
 * A node found on may still be about to go off: sysrq o takes up to 3 s, and slow BMCs act up to some 20 s late
 * (teuthology #1498). It is watched for this long before it counts as healthy.
 */
const SETTLE = seconds(20);
/** A power cycle leaves a node without power for at least a second; a gap too short to be seen is fine. */
const CYCLE_GAP = seconds(2);

/** A node that has power and is not up after this long has its power looked at again. Servers take minutes to boot. */
const BOOT_LOOK = seconds(60);

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
  method: Method,
  memory: CureMemory,
  tools: FaultTools,
): Promise<void> {
  const { bmc } = victim;
  if (bmc === null && method.leaves !== "rebooting") {
    throw new OperatingError(
      "configuration",
      `Cannot bring ${victim.name} back as the inventory has no bmc for it: it was left ${method.leaves}. Switch it on by hand`,
    );
  }
  await retrying(
    {
      what: `bring ${victim.name} back`,
      otherwise: "Switch it on by hand",
      pause: PAUSE_AFTER_ERROR,
      clock: tools.clock,
    },
    tools.signal,
    async () => {
      // One that came back by itself needs no BMC, and none was asked for before the kill.
      if (method.leaves === "rebooting" && (await answers(victim, tools))) return;
      if (bmc !== null) await cure({ victim, bmc }, method, memory, tools);
      await waitUntilBooted(victim, tools);
    },
  );
}

async function cure(
  node: { readonly victim: NodeAccess; readonly bmc: BmcAccess },
  method: Method,
  memory: CureMemory,
  tools: FaultTools,
): Promise<void> {
  await withBmc(tools.reach, node.bmc, tools.signal, async (session) => {
    if ((await session.power()) === "off") {
      await switchOn(session, tools);
      return;
    }
    switch (method.leaves) {
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

async function switchOn(session: BmcSession, tools: FaultTools): Promise<void> {
  await session.control("on");
  await waitUntilOn(session, tools);
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

async function waitUntilOn(session: BmcSession, tools: FaultTools): Promise<void> {
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

/** A panicked kernel answers nothing at all. One that refuses, or greets, is alive and must not be cut off. */
async function isSilent(victim: NodeAccess, tools: FaultTools): Promise<boolean> {
  if (victim.ssh === null) return true;
  for (let tries = 0; tries < PROOF_OF_SILENCE; tries++) {
    if ((await tools.reach.pulse(victim.ssh, tools.signal)) !== "silent") return false;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  return true;
}

/** Gives up after a while, so that one which lost its power again is switched on again. */
async function waitUntilBooted(victim: NodeAccess, tools: FaultTools): Promise<void> {
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

const answers = async (victim: NodeAccess, { reach, signal }: FaultTools): Promise<boolean> =>
  victim.ssh !== null && (await reach.pulse(victim.ssh, signal)) === "answers";
