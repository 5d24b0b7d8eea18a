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
        error_ms: 0,
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
function instantsOf(trial: LiveTrial, fault: SpanMs): readonly (SpanMs | null)[] {
  const { back_ms } = trial.outage;
  const back: SpanMs | null = back_ms === null ? null : [back_ms, back_ms];
  const seen = milestonesOf(
    trial.seen,
    spanFromMs(fault),
    back === null ? null : spanFromMs(back),
    trial.victim ?? "",
  );
  return [fault, seen.node_lost, seen.fenced, seen.node_chosen, seen.instance_started, back];
}

type Times = Pick<PhaseState, "state" | "since_ms" | "took_ms" | "error_ms">;

function timesOf(index: number, instants: readonly (SpanMs | null)[]): Times {
  const reached = instants.findLastIndex((instant) => instant !== null);
  const from = instants[index] ?? null;
  const to = instants[index + 1] ?? null;
  const since_ms = from === null ? null : middleMs(from);
  const error_ms = halfWidth(from) + halfWidth(to);
  if (index > reached) return { state: "waiting", since_ms: null, took_ms: null, error_ms: 0 };
  if (index === reached) return { state: "running", since_ms, took_ms: null, error_ms };
  return since_ms === null || to === null
    ? { state: "unseen", since_ms, took_ms: null, error_ms: 0 }
    : { state: "done", since_ms, took_ms: Math.max(0, middleMs(to) - since_ms), error_ms };
}

const halfWidth = (span: SpanMs | null): number => (span === null ? 0 : (span[1] - span[0]) / 2);

/** How a phase stands at a moment: how long it has lasted, and against its prediction. */
export interface PhaseNow {
  /** Null: it has not begun, or nobody saw it. */
  readonly lasted_ms: number | null;
  readonly against: Against;
}

/** `early` and `late` of what is over; what still runs is at most late. */
export type Against = "early" | "inside" | "late" | "unknown";

export function phaseAt(
  { state, since_ms, took_ms, error_ms, predicted_ms }: PhaseState,
  now_ms: number,
): PhaseNow {
  switch (state) {
    case "waiting":
    case "unseen":
      return { lasted_ms: null, against: "unknown" };
    case "running": {
      const lasted_ms = Math.max(0, now_ms - (since_ms ?? now_ms));
      const seen = against([lasted_ms - error_ms, Number.POSITIVE_INFINITY], predicted_ms);
      return { lasted_ms, against: seen };
    }
    case "done": {
      const lasted_ms = took_ms ?? 0;
      const range: RangeMs = [lasted_ms - error_ms, lasted_ms + error_ms];
      return { lasted_ms, against: against(range, predicted_ms) };
    }
  }
}

/**
 * How a length of time lies to its prediction, which counts as it is shown: rounded outwards to the second. What may lie in
 * it does; what still runs may become as long as it likes.
 */
export function against([low, high]: RangeMs, predicted: RangeMs | null): Against {
  if (predicted === null) return "unknown";
  if (low > Math.ceil(predicted[1] / 1000) * 1000) return "late";
  return high < Math.floor(predicted[0] / 1000) * 1000 ? "early" : "inside";
}
