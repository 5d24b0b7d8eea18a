import type { Instant } from "../../base/time.ts";
import { between, milliseconds, minutes, seconds, sum } from "../../base/time.ts";
import type { NetworkCut } from "../../model/fault-spec.ts";
import type { NodeAccess, SshAccess } from "../../model/inventory.ts";
import type { CureMemory } from "../machine/heal-node.ts";
import { healNode } from "../machine/heal-node.ts";
import { sshOf } from "../node/no-way-in.ts";
import { answers, waitUntilBooted } from "../node/signs-of-life.ts";
import { output } from "../node/ssh-output.ts";
import { healing } from "../healing.ts";
import type { FaultTools } from "../reach.ts";
import { raisingCommands } from "./restoring.ts";
import type { Cut } from "./survey.ts";
import { stillDown } from "./survey.ts";
import { timerCommand, timerRuns } from "./timer.ts";

const PAUSE = seconds(2);
/** Between two orders to take the same links up. */
const RAISE_EVERY = seconds(30);
/** After the timer's time a watchdog's reset may still be under way, and servers take minutes to boot. */
const BOOT = minutes(5);

interface Wanted {
  readonly spec: NetworkCut;
  /** What this process has cut; null in another one. */
  readonly known: Cut | null;
}

/**
 * 1. Waits until SSH answers: the timer brings it back, or a watchdog's reset. Where neither does, the BMC cycles the power.
 * 2. Takes links up that are found down, and waits until the timer has ended: one that is left would strike the next trial.
 */
export async function healCut(
  victim: NodeAccess,
  wanted: Wanted,
  tools: FaultTools,
): Promise<void> {
  const access = sshOf(victim);
  const start = tools.clock.now();
  const memory: CureMemory = { cycled: new Set() };
  const patience = sum(milliseconds(wanted.spec.for_ms), BOOT);
  await healing(
    {
      what: `bring the network of ${victim.name} back`,
      otherwise: "Take its links up on its console, or reset it",
      pause: PAUSE,
    },
    tools,
    async () => {
      if (victim.bmc !== null && !(await answers(victim, tools))) {
        const waited = between(start, tools.clock.now());
        if (waited >= patience) await healNode(victim, "hung", memory, tools);
      }
      await waitUntilBooted(victim, tools);
      await seeLinksUp(access, wanted, tools);
    },
  );
}

async function seeLinksUp(access: SshAccess, wanted: Wanted, tools: FaultTools): Promise<void> {
  let raised: Instant | null = null;
  for (;;) {
    const timer = await timerRuns(access, tools);
    const { down } = await stillDown(wanted.spec.cut, wanted.known, access, tools);
    if (down.length === 0 && !timer) return;
    const now = tools.clock.now();
    const isDue = raised === null || between(raised, now) >= RAISE_EVERY;
    // A timer knows the routes too; who does not leaves it to the timer.
    if (down.length > 0 && isDue && (wanted.known !== null || !timer)) {
      const commands = wanted.known?.restoring ?? raisingCommands(down);
      await output(access, timerCommand(0, commands), tools);
      raised = now;
    }
    await tools.clock.sleep(PAUSE, tools.signal);
  }
}
