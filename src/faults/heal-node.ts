import { reasonOf } from "../base/abort.ts";
import { describeError, OperatingError } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { between, milliseconds, seconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { BmcAccess, NodeAccess } from "../model/inventory.ts";
import type { BmcSession } from "../clients/bmc/bmc-session.ts";
import { PROOF_OF_SILENCE } from "./death.ts";
import type { Method } from "./method.ts";
import type { Reach } from "./reach.ts";
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

interface Tools {
  readonly reach: Reach;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What one fault remembers of its cures, so that a repeated heal does not reset a node that is booting. */
export interface CureMemory {
  readonly cycled: Set<string>;
}

/** Brings the victim back and waits until it has power. Tries until its signal ends, except where trying again cannot help. */
export async function healNode(
  victim: NodeAccess,
  method: Method,
  memory: CureMemory,
  tools: Tools,
): Promise<void> {
  const { bmc } = victim;
  if (bmc === null) {
    if (method.leaves === "rebooting") return;
    throw new OperatingError(
      "configuration",
      `Cannot bring ${victim.name} back as the inventory has no bmc for it: it was left ${method.leaves}. Switch it on by hand`,
    );
  }
  let last: unknown = null;
  try {
    for (;;) {
      try {
        await cure({ victim, bmc }, method, memory, tools);
        return;
      } catch (error) {
        last = passing(error, tools.signal);
      }
      await tools.clock.sleep(PAUSE_AFTER_ERROR, tools.signal);
    }
  } catch (error) {
    throw tools.signal.aborted ? notHealed(victim, last, tools.signal) : error;
  }
}

async function cure(
  node: { readonly victim: NodeAccess; readonly bmc: BmcAccess },
  method: Method,
  memory: CureMemory,
  tools: Tools,
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
        await waitUntilOn(session, tools);
    }
  });
}

async function switchOn(session: BmcSession, tools: Tools): Promise<void> {
  do await session.control("on");
  while (!(await comesOn(session, REPEAT_AFTER, tools)));
}

async function watchWhetherItGoesOff(session: BmcSession, tools: Tools): Promise<void> {
  const start = tools.clock.now();
  while (between(start, tools.clock.now()) < SETTLE) {
    if ((await session.power()) === "off") {
      await switchOn(session, tools);
      return;
    }
    await tools.clock.sleep(PAUSE, tools.signal);
  }
}

/** After a power cycle: first the gap without power, at least a second, then on. A gap too short to be seen is fine. */
async function waitUntilOn(session: BmcSession, tools: Tools): Promise<void> {
  await tools.clock.sleep(seconds(2), tools.signal);
  if (!(await comesOn(session, REPEAT_AFTER, tools))) await switchOn(session, tools);
}

async function comesOn(session: BmcSession, limit: Duration, tools: Tools): Promise<boolean> {
  const start = tools.clock.now();
  while (between(start, tools.clock.now()) < limit) {
    if ((await session.power()) === "on") return true;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  return false;
}

/** A panicked kernel answers nothing at all. One that refuses, or greets, is alive and must not be cut off. */
async function isSilent(victim: NodeAccess, tools: Tools): Promise<boolean> {
  if (victim.ssh === null) return true;
  for (let tries = 0; tries < PROOF_OF_SILENCE; tries++) {
    if ((await tools.reach.pulse(victim.ssh, tools.signal)) !== "silent") return false;
    await tools.clock.sleep(PAUSE, tools.signal);
  }
  return true;
}

/** The error, when trying again may help; otherwise it is thrown on. */
function passing(error: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  const hopeless = ["denied", "configuration", "environment"];
  if (error instanceof OperatingError && hopeless.includes(error.code)) throw error;
  return error;
}

function notHealed(victim: NodeAccess, last: unknown, signal: AbortSignal): OperatingError {
  const why = last === null ? "" : `: the last answer was "${describeError(last)}"`;
  return new OperatingError(
    "not-reached",
    `Cannot bring ${victim.name} back as its BMC did not switch it on in time${why}. Switch it on by hand`,
    { cause: reasonOf(signal) },
  );
}
