import { spellKind } from "../analysis/spells.ts";
import type { Layer } from "../model/experiment.ts";
import { layers } from "../model/experiment.ts";
import type { Sample, SampleResult } from "../model/sample.ts";
import type { LiveArm } from "./live-event.ts";
import type {
  Answering,
  LayerState,
  LiveSpell,
  LiveTrial,
  Liveness,
  Outage,
} from "./live-state.ts";
import { MOST_SPELLS } from "./live-state.ts";
import { withPhases } from "./phase-clock.ts";

/** What one more attempt shows. */
export function applySample(trial: LiveTrial, sample: Sample, arm: LiveArm): LiveTrial {
  const { result } = sample;
  if (sample.target === "control") {
    const state = result.kind === "unobserved" ? trial.control.state : result.kind;
    return { ...trial, control: told(trial.control, state, sample) };
  }
  return withPhases({
    ...trial,
    layers: trial.layers.map((layer) => told(layer, livenessOf(layer, result), sample)),
    spells: withSpell(trial.spells, sample),
    outage: outageAfter(trial, sample, arm.consecutive),
  });
}

export const unwatched: Answering = { state: "unknown", since_ms: null, seq: -1 };

export const notLost: Outage = { lost_ms: null, back_ms: null, good: 0, good_since_ms: null };

/** The layers that an arm is watched at. */
export const layersDownTo = (depth: Layer): readonly LayerState[] =>
  layers.slice(0, layers.indexOf(depth) + 1).map((layer) => ({ layer, ...unwatched }));

function told<Told extends Answering>(before: Told, state: Liveness, sample: Sample): Told {
  const { seq, started_ms } = sample;
  if (seq < before.seq) return before;
  return { ...before, seq, ...(state === before.state ? {} : { state, since_ms: started_ms }) };
}

/**
 * Of a bad attempt the layer after the deepest that it reached is bad; those below were not tried. An unobserved one says
 * nothing.
 */
function livenessOf({ layer, state }: LayerState, result: SampleResult): Liveness {
  switch (result.kind) {
    case "good":
      return "good";
    case "unobserved":
      return state;
    case "bad": {
      const broken = result.reached === null ? 0 : layers.indexOf(result.reached) + 1;
      const index = layers.indexOf(layer);
      if (index < broken) return "good";
      return index === broken ? "bad" : "unknown";
    }
  }
}

function withSpell(spells: readonly LiveSpell[], sample: Sample): readonly LiveSpell[] {
  const { seq, started_ms, ended_ms } = sample;
  const kind = spellKind(sample);
  const last = spells.at(-1);
  if (last !== undefined && seq < last.seq) return spells;
  if (last?.kind !== kind) {
    const spell = { kind, from_ms: started_ms, to_ms: ended_ms, samples: 1, seq };
    return [...spells.slice(1 - MOST_SPELLS), spell];
  }
  const longer = { ...last, to_ms: Math.max(last.to_ms, ended_ms), samples: last.samples + 1, seq };
  return [...spells.slice(0, -1), longer];
}

/** As the study itself takes it (`DesktopWatch`): in the order in which attempts end. */
function outageAfter(trial: LiveTrial, sample: Sample, consecutive: number): Outage {
  const { outage, requested_ms } = trial;
  const { result, scheduled_ms, started_ms, ended_ms } = sample;
  if (requested_ms === null || scheduled_ms < requested_ms) return outage;
  switch (result.kind) {
    case "bad":
      return { ...notLost, lost_ms: outage.lost_ms ?? started_ms };
    case "good": {
      const good = outage.good + 1;
      const good_since_ms = outage.good_since_ms ?? ended_ms;
      const isBack = outage.lost_ms !== null && good >= consecutive;
      return { ...outage, good, good_since_ms, back_ms: isBack ? good_since_ms : null };
    }
    case "unobserved":
      return outage;
  }
}
