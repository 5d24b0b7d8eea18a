import { plainText } from "../base/plain-text.ts";
import { applyRecord } from "./apply-record.ts";
import { applySample, layersDownTo, notLost, unwatched } from "./apply-sample.ts";
import type { LiveArm, LiveEvent } from "./live-event.ts";
import type { LiveState, LiveTrial } from "./live-state.ts";
import { nothingYet } from "./live-state.ts";
import { phasesAhead } from "./phase-clock.ts";

/** The state after an event. What is of a trial that is not under way changes nothing. */
export function applyEvent(state: LiveState, event: LiveEvent): LiveState {
  return { ...applied(state, event), at_ms: Math.max(state.at_ms, event.at_ms) };
}

function applied(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case "run-started": {
      const { run, tool, experiment, title, speed, trials, arms } = event;
      return { ...nothingYet, run: { run, tool, experiment, title, speed, trials, arms } };
    }
    case "trial-started": {
      const arm = armOf(state, event.arm);
      return arm === null ? state : { ...state, trial: begun(event, arm) };
    }
    case "step": {
      const doing = plainText(event.doing);
      if (event.trial === null) return { ...state, doing };
      const step = { doing, doing_since_ms: event.at_ms };
      return inTrial(state, event.trial, (trial) => ({ ...trial, ...step }));
    }
    case "record": {
      const { event: told, at_ms } = event;
      if (!("trial" in told)) return state;
      return inTrial(state, told.trial, (trial, arm) => applyRecord({ trial, arm }, told, at_ms));
    }
    case "sample": {
      const { sample } = event;
      return inTrial(state, sample.trial, (trial, arm) => applySample(trial, sample, arm));
    }
    case "desktop": {
      const { reachable } = event;
      return inTrial(state, event.trial, (trial) => ({ ...trial, reachable }));
    }
    case "trial-ended":
      return { ...state, trial: null, results: [...state.results, event.result] };
    case "stopping":
      return { ...state, stopping: plainText(event.why) };
    case "run-ended":
      return {
        ...state,
        trial: null,
        ended: { end: event.end, detail: plainText(event.detail) },
      };
    case "run-judged": {
      const { folder, verdict, exit_code } = event;
      return { ...state, judged: { folder, verdict, exit_code } };
    }
  }
}

const armOf = ({ run }: LiveState, name: string): LiveArm | null =>
  run?.arms.find(({ arm }) => arm === name) ?? null;

function inTrial(
  state: LiveState,
  id: string,
  change: (trial: LiveTrial, arm: LiveArm) => LiveTrial,
): LiveState {
  const { trial } = state;
  const arm = trial === null ? null : armOf(state, trial.arm);
  if (trial?.trial !== id || arm === null) return state;
  return { ...state, trial: change(trial, arm) };
}

type Started = Extract<LiveEvent, { readonly kind: "trial-started" }>;

function begun({ trial, arm, repetition, at_ms }: Started, planned: LiveArm): LiveTrial {
  return {
    trial,
    arm,
    repetition,
    since_ms: at_ms,
    doing: "starting",
    doing_since_ms: at_ms,
    reachable: false,
    victim: null,
    requested_ms: null,
    fault_ms: null,
    outage: notLost,
    layers: layersDownTo(planned.depth),
    control: unwatched,
    phases: phasesAhead(planned),
    predicted_ms: planned.expected?.recovery_ms ?? null,
    seen: [],
    spells: [],
  };
}
