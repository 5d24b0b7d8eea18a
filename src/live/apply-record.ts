import { plainText } from "../base/plain-text.ts";
import type { ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { TrialEvent } from "../model/journal.ts";
import type { LiveTrial } from "./live-state.ts";
import { MOST_SEEN } from "./live-state.ts";
import { withPhases } from "./phase-clock.ts";

/** What one more fact in the journal changes of what is shown. */
export function applyRecord(trial: LiveTrial, event: TrialEvent, at_ms: number): LiveTrial {
  switch (event.kind) {
    case "victim-found":
      return { ...trial, victim: plainText(event.node) };
    case "fault-requested":
      return withPhases({ ...trial, victim: plainText(event.victim), requested_ms: at_ms });
    case "fault-confirmed":
      return withPhases({ ...trial, fault_ms: event.gone_ms });
    case "prediction": {
      const { recovery_ms, phases_ms } = event.prediction;
      const phases = trial.phases.map((each) => ({
        ...each,
        predicted_ms: phases_ms[each.phase],
      }));
      return { ...trial, predicted_ms: recovery_ms, phases };
    }
    case "control-plane":
      return trial.requested_ms === null ? trial : withPhases(seeing(trial, event.event));
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
    case "timers":
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

/** Renewals come every few seconds and end no phase. */
function seeing(trial: LiveTrial, { kind, node, observed_ms }: ControlPlaneEvent): LiveTrial {
  if (kind === "lease-renewed") return trial;
  const seen = { kind, node: node === null ? null : plainText(node), observed_ms };
  return { ...trial, seen: [...trial.seen.slice(1 - MOST_SEEN), seen] };
}
