import { plainText } from "../base/plain-text.ts";
import type { ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { TrialEvent } from "../model/journal.ts";
import type { Prediction } from "../model/prediction.ts";
import type { LiveArm } from "./live-event.ts";
import type { LiveTrial } from "./live-state.ts";
import { MOST_SEEN } from "./live-state.ts";
import { withPhases } from "./phase-clock.ts";

/** What one more fact in the journal changes of what is shown. */
export function applyRecord(of: OfTrial, event: TrialEvent, at_ms: number): LiveTrial {
  const { trial } = of;
  switch (event.kind) {
    case "victim-found":
      return { ...trial, victim: plainText(event.node) };
    case "timers":
      return { ...trial, renewed: false };
    case "fault-requested":
      return withPhases({ ...trial, victim: plainText(event.victim), requested_ms: at_ms });
    case "fault-confirmed":
      return withPhases({ ...trial, fault_ms: event.gone_ms });
    case "prediction":
      return trial.renewed ? trial : predictedAs(trial, event.prediction);
    case "control-plane":
      return seeing(of, event.event);
    case "trial-started":
    case "cluster-ready":
    case "cluster-not-ready":
    case "intent":
    case "act-done":
    case "act-failed":
    case "desktop-deployed":
    case "observing":
    case "steady":
    case "no-steady-state":
    case "refused":
    case "overridden":
    case "clock-offsets":
    case "not-predicted":
    case "fault-not-confirmed":
    case "answering-again":
    case "never-lost":
    case "still-down":
    case "picture":
    case "no-picture":
    case "viewed":
    case "session-held":
    case "session-not-held":
    case "session-frozen":
    case "session-thawed":
    case "session-ended":
    case "undo-done":
    case "undo-failed":
    case "healed":
    case "not-healed":
    case "samples-lost":
    case "trial-ended":
      return trial;
  }
}

interface OfTrial {
  readonly trial: LiveTrial;
  readonly arm: LiveArm;
}

/** A renewal ends no phase; the report predicts such a trial once more. */
function seeing(
  { trial, arm }: OfTrial,
  { kind, node, observed_ms }: ControlPlaneEvent,
): LiveTrial {
  if (kind === "lease-renewed") return { ...predictedAs(trial, arm.expected), renewed: true };
  if (trial.requested_ms === null) return trial;
  const seen = { kind, node: node === null ? null : plainText(node), observed_ms };
  return withPhases({ ...trial, seen: [...trial.seen.slice(1 - MOST_SEEN), seen] });
}

type Predicted = Pick<Prediction, "recovery_ms" | "phases_ms">;

const predictedAs = (trial: LiveTrial, predicted: Predicted | null): LiveTrial => ({
  ...trial,
  predicted_ms: predicted?.recovery_ms ?? null,
  phases: trial.phases.map((each) => ({
    ...each,
    predicted_ms: predicted?.phases_ms[each.phase] ?? null,
  })),
});
