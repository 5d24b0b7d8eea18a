import { either, reasonOf } from "../base/abort.ts";
import { OperatingError } from "../base/errors.ts";
import type { Span } from "../base/interval.ts";
import { milliseconds, seconds } from "../base/time.ts";
import type { FaultProof } from "../contracts/fault.ts";
import type { BmcAccess, NodeAccess, SshAccess } from "../model/inventory.ts";
import type { Evidence, Witnesses } from "./death.ts";
import { describeEvidence, judgeDeath, nothingSeen, sawLife, sawMiss, sawOff } from "./death.ts";
import type { Method } from "./method.ts";
import type { FaultTools } from "./reach.ts";
import { withBmc } from "./reach.ts";

/** Between two tries: fine enough for t_fault, easy on BMC and sshd. */
const PAUSE = milliseconds(100);
/** Before a BMC that gave an error is asked again. */
const PAUSE_AFTER_ERROR = seconds(1);

/**
 * Watches the victim's BMC and its SSH port side by side until what they show suffices. A fault that takes the power
 * away is proven by the BMC; one that does not, by silence (or by the BMC, when it shows the gap of a power cycle).
 */
export async function confirmDeath(
  victim: NodeAccess,
  method: Method,
  requested: Span,
  tools: FaultTools,
): Promise<FaultProof> {
  const { ssh, bmc } = victim;
  const witnesses: Witnesses = {
    ssh: ssh !== null,
    power: bmc !== null && method.leaves === "off",
  };
  if (ssh === null && bmc === null) throw noWitness(victim);
  const done = new AbortController();
  const signal = either(tools.signal, done.signal);
  const seen: { evidence: Evidence; proof: FaultProof | null } = {
    evidence: nothingSeen(requested),
    proof: null,
  };
  const learn: Learn = (change) => {
    if (seen.proof !== null) return;
    seen.evidence = change(seen.evidence);
    seen.proof = judgeDeath(seen.evidence, witnesses);
    if (seen.proof !== null) done.abort();
  };
  const watching = { ...tools, signal };
  await Promise.all([
    ssh === null ? null : watchSsh(ssh, learn, watching),
    bmc === null ? null : watchPower(bmc, learn, watching),
  ]);
  if (seen.proof === null) throw unproven(victim, seen.evidence, tools.signal);
  return seen.proof;
}

type Learn = (change: (before: Evidence) => Evidence) => void;

async function watchSsh(access: SshAccess, learn: Learn, tools: FaultTools): Promise<void> {
  const { reach, clock, signal } = tools;
  await untilAborted(signal, async () => {
    const tried = clock.now();
    const pulse = await reach.pulse(access, signal);
    const ended = clock.now();
    learn((before) => (pulse === "answers" ? sawLife(before, tried) : sawMiss(before, ended)));
    await clock.sleep(PAUSE, signal);
  });
}

async function watchPower(access: BmcAccess, learn: Learn, tools: FaultTools): Promise<void> {
  const { reach, clock, signal } = tools;
  await untilAborted(signal, async () => {
    try {
      await withBmc(reach, access, signal, async (session) => {
        for (;;) {
          const power = await session.power();
          if (power === "off") learn((before) => sawOff(before, clock.now()));
          await clock.sleep(PAUSE, signal);
        }
      });
    } catch {
      // A BMC may lose its session, or its own power for a moment, with the node: ask again until the limit.
      await clock.sleep(PAUSE_AFTER_ERROR, signal);
    }
  });
}

/** Repeats until the signal is aborted, then resolves. What goes wrong otherwise is rejected. */
async function untilAborted(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  try {
    for (;;) {
      signal.throwIfAborted();
      await step();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function unproven(victim: NodeAccess, evidence: Evidence, signal: AbortSignal): Error {
  const reason = reasonOf(signal);
  if (!(reason instanceof OperatingError) || reason.code !== "timed-out") return reason;
  return new OperatingError(
    "not-reached",
    `Cannot confirm the fault as ${victim.name} was not proven gone in time: ${describeEvidence(evidence)}`,
    { cause: reason },
  );
}

const noWitness = (victim: NodeAccess): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot confirm a fault as nothing can tell whether ${victim.name} is gone: it has neither ssh nor bmc in the inventory`,
  );
