import { either } from "../../base/abort.ts";
import { milliseconds } from "../../base/time.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { Observed, Trial } from "../trial.ts";

/** No steady state, no fault. */
export async function steadyState({ parts, notes }: Trial, observed: Observed): Promise<void> {
  const limit = parts.clock.timeout(milliseconds(parts.arm.limits.steady_ms));
  notes.step("waiting for steady state");
  try {
    await observed.watch.steady(either(observed.signal, limit));
  } catch (error) {
    observed.signal.throwIfAborted();
    const detail = `the desktop never answered ${parts.arm.probe.consecutive} times in a row: ${observed.watch.lastFailure}`;
    await notes.note({ kind: "no-steady-state", detail });
    throw new TrialEnds("void", detail, error);
  }
  await notes.note({
    kind: "steady",
    samples: parts.arm.probe.consecutive,
    instance: observed.watch.instance,
  });
}
