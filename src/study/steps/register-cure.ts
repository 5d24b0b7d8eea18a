import { seconds } from "../../base/time.ts";
import { describeError } from "../../base/errors.ts";
import type { Trial } from "../trial.ts";

const LOOK_EVERY = seconds(2);

/** Puts the cure on disk and on the stack: heal the victim and see it back as a member. */
export async function registerCure(trial: Trial, victim: string): Promise<void> {
  const { parts, notes, cleanup } = trial;
  await notes.intend(
    {
      act: `${parts.fault.title} on ${victim}`,
      undo: {
        kind: "heal-fault",
        cluster: parts.cluster.driver.name,
        fault: parts.fault.spec,
        victim,
      },
    },
    cleanup,
    async (signal) => {
      await parts.fault.heal(victim, signal);
      await memberAgain(trial, signal);
    },
  );
}

async function memberAgain({ parts, notes }: Trial, signal: AbortSignal): Promise<void> {
  let problems: readonly string[] = [];
  try {
    for (;;) {
      problems = await missing(parts.cluster.driver, signal);
      if (problems.length === 0) break;
      notes.step(`waiting until the cluster has healed: ${problems[0] ?? ""}`);
      await parts.clock.sleep(LOOK_EVERY, signal);
    }
  } catch (error) {
    await notes.note({ kind: "not-healed", problems });
    throw error;
  }
  await notes.note({ kind: "healed" });
}

async function missing(
  driver: Trial["parts"]["cluster"]["driver"],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const { nodes } = await driver.health(signal);
    return nodes.filter((node) => !node.online).map((node) => `${node.name} is not back`);
  } catch (error) {
    signal.throwIfAborted();
    return [describeError(error)];
  }
}
