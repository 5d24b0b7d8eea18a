import { milestonesOf } from "../analysis/milestones.ts";
import type { RangeMs, SpanMs } from "../base/interval.ts";
import { middleMs, spanFromMs } from "../base/interval.ts";
import { phases } from "../model/experiment.ts";
import type { LiveArm } from "./live-event.ts";
import type { LiveTrial, PhaseState } from "./live-state.ts";

/** Before the fault; none where it does not take the machine. */
export const phasesAhead = (arm: LiveArm): readonly PhaseState[] =>
  arm.phased
    ? phases.map((phase) => ({
        phase,
        state: "waiting",
        since_ms: null,
        took_ms: null,
        predicted_ms: arm.expected?.phases_ms[phase] ?? null,
      }))
    : [];

/** The trial with its phases as far as its facts show them: each begins where the one before it ends. */
export function withPhases(trial: LiveTrial): LiveTrial {
  const fault = faultOf(trial);
  if (fault === null) return trial;
  const instants = instantsOf(trial, fault);
  return {
    ...trial,
    phases: trial.phases.map((phase, index) => ({ ...phase, ...timesOf(index, instants) })),
  };
}

/** Until its proof the fault is taken to have struck when it was asked for. */
export const faultOf = ({ fault_ms, requested_ms }: LiveTrial): SpanMs | null =>
  fault_ms ?? (requested_ms === null ? null : [requested_ms, requested_ms]);

/** Where the phases begin, and where the last one ends. */
function instantsOf(trial: LiveTrial, fault: SpanMs): readonly (number | null)[] {
  const { back_ms } = trial.outage;
  const back = back_ms === null ? null : spanFromMs([back_ms, back_ms]);
  const seen = milestonesOf(trial.seen, spanFromMs(fault), back, trial.victim ?? "");
  const spans = [fault, seen.node_lost, seen.fenced, seen.node_chosen, seen.instance_started];
  return [...spans.map((span) => (span === null ? null : middleMs(span))), back_ms];
}

type Times = Pick<PhaseState, "state" | "since_ms" | "took_ms">;

function timesOf(index: number, instants: readonly (number | null)[]): Times {
  const reached = instants.findLastIndex((instant) => instant !== null);
  const since_ms = instants[index] ?? null;
  const until_ms = instants[index + 1] ?? null;
  if (index > reached) return { state: "waiting", since_ms: null, took_ms: null };
  if (index === reached) return { state: "running", since_ms, took_ms: null };
  return since_ms === null || until_ms === null
    ? { state: "unseen", since_ms, took_ms: null }
    : { state: "done", since_ms, took_ms: Math.max(0, until_ms - since_ms) };
}

/** How a phase stands at a moment: how long it has lasted, and against its prediction. */
export interface PhaseNow {
  /** Null: it has not begun, or nobody saw it. */
  readonly lasted_ms: number | null;
  readonly against: Against;
}

/** `early` and `late` of what is over; what still runs is at most late. */
export type Against = "early" | "inside" | "late" | "unknown";

export function phaseAt(
  { state, since_ms, took_ms, predicted_ms }: PhaseState,
  now_ms: number,
): PhaseNow {
  switch (state) {
    case "waiting":
    case "unseen":
      return { lasted_ms: null, against: "unknown" };
    case "running": {
      const lasted_ms = Math.max(0, now_ms - (since_ms ?? now_ms));
      return { lasted_ms, against: against(lasted_ms, predicted_ms, false) };
    }
    case "done":
      return { lasted_ms: took_ms, against: against(took_ms ?? 0, predicted_ms, true) };
  }
}

/** How a length of time lies to its prediction; one that still grows is not early yet. */
export function against(ms: number, predicted: RangeMs | null, isOver: boolean): Against {
  if (predicted === null) return "unknown";
  if (ms > predicted[1]) return "late";
  return isOver && ms < predicted[0] ? "early" : "inside";
}
