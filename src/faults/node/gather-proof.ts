import { either, reasonOf } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { FaultProof } from "../../contracts/fault.ts";
import type { FaultTools } from "../reach.ts";
import type { Evidence } from "./evidence.ts";
import { nothingSeen } from "./evidence.ts";

export interface Proving {
  readonly victim: string;
  /** When the fault was requested: nothing it does came before. */
  readonly requested: Span;
  /** Whoever can tell. They watch side by side until they are told to stop. */
  readonly watchers: readonly Watcher[];
  readonly judge: (evidence: Evidence) => FaultProof | null;
  /** What was seen, for the message when no proof came. */
  readonly describe: (evidence: Evidence) => string;
}

type Learn = (change: (before: Evidence) => Evidence) => void;
export type Watcher = (learn: Learn, tools: FaultTools) => Promise<void>;

/** Watches until what is seen suffices for a proof. What comes later changes nothing of it. */
export async function gatherProof(proving: Proving, tools: FaultTools): Promise<FaultProof> {
  const done = new AbortController();
  const seen: { evidence: Evidence; proof: FaultProof | null } = {
    evidence: nothingSeen(proving.requested),
    proof: null,
  };
  const learn: Learn = (change) => {
    if (seen.proof !== null) return;
    seen.evidence = change(seen.evidence);
    seen.proof = proving.judge(seen.evidence);
    if (seen.proof !== null) done.abort();
  };
  const watching = { ...tools, signal: either(tools.signal, done.signal) };
  try {
    await Promise.all(proving.watchers.map(async (watch) => await watch(learn, watching)));
  } finally {
    // One that failed does not leave the others behind.
    done.abort();
  }
  if (seen.proof === null) throw unproven(proving, seen.evidence, tools.signal);
  return seen.proof;
}

/** Repeats until the signal is aborted, then resolves. What goes wrong otherwise is rejected. */
export async function untilAborted(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  try {
    for (;;) {
      signal.throwIfAborted();
      await step();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function unproven({ victim, describe }: Proving, evidence: Evidence, signal: AbortSignal): Error {
  const reason = reasonOf(signal);
  if (!(reason instanceof OperatingError) || reason.code !== "timed-out") return reason;
  return new OperatingError(
    "not-reached",
    `Cannot confirm the fault as ${victim} was not proven gone in time: ${describe(evidence)}`,
    { cause: reason },
  );
}

export const noWitness = (victim: string): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot confirm a fault as nothing can tell whether ${victim} is gone: it has neither ssh nor bmc in the inventory`,
  );
