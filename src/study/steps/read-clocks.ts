import { either } from "../../base/abort.ts";
import { longer, seconds, times } from "../../base/time.ts";
import type { Observed, Trial } from "../trial.ts";

/** Together with the driver's own deadlines: nobody's clock is worth more. */
const LIMIT = seconds(5);
const FLOORS = 10;

/**
 * How far the clocks of others are ahead of ours, by which their stamps are read: now, and again when the victim has been
 * healed, unless the user wants to go. Who does not tell is a fact, too.
 */
export async function readClocks(
  trial: Trial,
  observed: Observed,
  stop: AbortSignal,
): Promise<void> {
  trial.notes.step("reading the clocks of the nodes");
  await note(trial, "before", observed.signal);
  trial.cleanup.register("read the clocks again", async (signal) => {
    if (stop.aborted) return;
    trial.notes.step("reading the clocks of the nodes again");
    await note(trial, "after", either(stop, signal)).catch(() => undefined);
  });
}

async function note(
  { parts, notes }: Trial,
  when: "before" | "after",
  signal: AbortSignal,
): Promise<void> {
  const { clock, cluster } = parts;
  const limit = clock.timeout(longer(LIMIT, times(clock.floor.deadline, FLOORS)));
  const read = await cluster.driver.clocks(either(signal, limit));
  await notes.note({ kind: "clock-offsets", when, ...read });
}
