import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import type { SpanMs } from "../../base/interval.ts";
import { exactly, spanInMs } from "../../base/interval.ts";
import { longer, milliseconds, times } from "../../base/time.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/**
 * A clock that runs fast divides waits, not the computer's work: a cut over SSH takes seven sessions, and silence is
 * proven by three tries that each last for a deadline's floor. At speed 1 they are nothing.
 */
const FLOORS = 10;

/** The kill, and the proof that it has taken effect: when. No proof, no result. */
export async function injectFault(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<SpanMs> {
  const { clock, fault } = parts;
  notes.step(`${fault.title} on ${victim}`);
  parts.spent.kill(parts.arm.cluster);
  await notes.commit({ kind: "fault-requested", fault: fault.spec, victim });
  observed.signal.throwIfAborted();
  const requested = clock.now();
  observed.watch.faultRequested(requested);
  const patience = milliseconds(parts.arm.limits.confirm_ms);
  const limit = clock.timeout(longer(patience, times(clock.floor.deadline, FLOORS)));
  const signal = either(observed.signal, limit);
  try {
    const strike = { victim, desktop: desktop.handle };
    await fault.inject(strike, signal);
    const proof = await fault.confirm(strike, exactly(requested), signal);
    const { gone, ...seen } = proof;
    const gone_ms = spanInMs(gone);
    await notes.note({ kind: "fault-confirmed", gone_ms, ...seen });
    return gone_ms;
  } catch (error) {
    observed.signal.throwIfAborted();
    const detail = describeError(error);
    await notes.note({ kind: "fault-not-confirmed", detail });
    throw new TrialEnds("void", `the fault is not proven: ${detail}`, error);
  }
}
