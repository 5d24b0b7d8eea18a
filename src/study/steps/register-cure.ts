import { membersAgain } from "../members-again.ts";
import type { Trial } from "../trial.ts";

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
      await parts.fault.heal(victim, signal, (line) => notes.step(line));
      await membersAgain(
        { driver: parts.cluster.driver, clock: parts.clock },
        {
          waiting: (problem) => notes.step(`waiting until the cluster has healed: ${problem}`),
          missed: async (problems) => {
            await notes.tryNote({ kind: "not-healed", problems });
          },
        },
        signal,
      );
      await notes.tryNote({ kind: "healed" });
    },
  );
}
