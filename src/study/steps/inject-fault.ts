import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { exactly, spanInMs } from "../../base/interval.ts";
import { milliseconds } from "../../base/time.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { Observed, Trial } from "../trial.ts";

/** The kill, and the proof that the victim is really gone. No proof, no result. */
export async function injectFault(
  { parts, notes }: Trial,
  victim: string,
  observed: Observed,
): Promise<void> {
  const { clock, fault } = parts;
  notes.step(`${fault.title} on ${victim}`);
  await notes.commit({ kind: "fault-requested", fault: fault.spec, victim });
  observed.signal.throwIfAborted();
  const requested = clock.now();
  observed.watch.faultRequested(requested);
  const limit = clock.timeout(milliseconds(parts.arm.limits.confirm_ms));
  const signal = either(observed.signal, limit);
  try {
    await fault.inject(victim, signal);
    const proof = await fault.confirm(victim, exactly(requested), signal);
    await notes.note({
      kind: "fault-confirmed",
      gone_ms: spanInMs(proof.gone),
      evidence: proof.evidence,
    });
  } catch (error) {
    observed.signal.throwIfAborted();
    const detail = describeError(error);
    await notes.note({ kind: "fault-not-confirmed", detail });
    throw new TrialEnds("void", `the victim is not proven gone: ${detail}`, error);
  }
}
