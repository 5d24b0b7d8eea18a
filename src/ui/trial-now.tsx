import type { VNode } from "preact";
import type { LayerState, LiveState, LiveTrial, PhaseState } from "../live/live-state.ts";
import { middleMs } from "../base/interval.ts";
import { faultOf, phaseAt } from "../live/phase-clock.ts";
import { length, range, ticking } from "./words.ts";

/** The trial under way: what it does, what the desktop answers layer by layer, and its phases against the prediction. */
export function TrialNow({
  state,
  now_ms,
}: {
  readonly state: LiveState;
  readonly now_ms: number;
}): VNode {
  const { trial } = state;
  return (
    <section class="trial" aria-labelledby="trial-title">
      <h2 id="trial-title">
        {trial === null ? "No trial under way" : `${trial.arm} #${trial.repetition}`}
      </h2>
      {trial === null ? (
        <p class="soft">
          {state.ended === null ? `The run is ${state.doing}.` : "The run has ended."}
        </p>
      ) : (
        <UnderWay trial={trial} now_ms={now_ms} />
      )}
    </section>
  );
}

function UnderWay({
  trial,
  now_ms,
}: {
  readonly trial: LiveTrial;
  readonly now_ms: number;
}): VNode {
  return (
    <>
      <p class="doing">
        {trial.doing} <span class="soft">for {ticking(now_ms - trial.doing_since_ms)}</span>
      </p>
      <p class="gone">
        <b>{downtime(trial, now_ms)}</b>{" "}
        <span class="soft">
          {trial.predicted_ms === null ? "no prediction" : `predicted ${range(trial.predicted_ms)}`}
        </span>
      </p>
      <ul class="layers" aria-label="What the desktop answers, layer by layer">
        {trial.layers.map((layer) => (
          <Layer key={layer.layer} name={layer.layer} layer={layer} now_ms={now_ms} />
        ))}
        <Layer name="control" layer={trial.control} now_ms={now_ms} />
      </ul>
      {trial.phases.length === 0 ? null : <Phases phases={trial.phases} now_ms={now_ms} />}
      <Heard trial={trial} />
    </>
  );
}

function downtime(trial: LiveTrial, now_ms: number): string {
  const { outage, victim } = trial;
  const { lost_ms, back_ms } = outage;
  const fault = faultOf(trial);
  if (fault === null) return victim === null ? "getting ready" : `on ${victim}`;
  if (back_ms !== null) return `back after ${length(back_ms - middleMs(fault))}`;
  if (lost_ms === null) return `${victim ?? "the victim"} is struck`;
  return `gone for ${ticking(now_ms - lost_ms)}`;
}

/** The latest that the control plane said. */
const MOST_HEARD = 6;

function Heard({ trial }: { readonly trial: LiveTrial }): VNode | null {
  const fault = faultOf(trial);
  if (fault === null || trial.seen.length === 0) return null;
  return (
    <>
      <h3>The control plane said</h3>
      <ul class="heard">
        {trial.seen.slice(-MOST_HEARD).map(({ kind, node, observed_ms }, index) => (
          <li key={index}>
            <span class="number">{length(middleMs(observed_ms) - middleMs(fault))}</span>{" "}
            {kind.replaceAll("-", " ")} {node}
          </li>
        ))}
      </ul>
    </>
  );
}

const marks = { good: "✓", bad: "✕", unknown: "·" } as const;
const answers = { good: "answers", bad: "does not answer", unknown: "not known" } as const;

function Layer({
  name,
  layer: { state, since_ms },
  now_ms,
}: {
  readonly name: string;
  readonly layer: Omit<LayerState, "layer">;
  readonly now_ms: number;
}): VNode {
  return (
    <li class={state}>
      <span aria-hidden="true">{marks[state]}</span> {name}
      <span class="hidden"> {answers[state]}</span>{" "}
      <small>{since_ms === null ? "" : ticking(now_ms - since_ms)}</small>
    </li>
  );
}

function Phases({
  phases,
  now_ms,
}: {
  readonly phases: readonly PhaseState[];
  readonly now_ms: number;
}): VNode {
  return (
    <table class="phases">
      <caption class="hidden">Phases of the failover against their prediction</caption>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col" class="number">
            Took
          </th>
          <th scope="col" class="number">
            Predicted
          </th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {phases.map((phase) => (
          <Phase key={phase.phase} phase={phase} now_ms={now_ms} />
        ))}
      </tbody>
    </table>
  );
}

const againstWords = { early: "early", inside: "as predicted", late: "late", unknown: "" } as const;

function Phase({ phase, now_ms }: { readonly phase: PhaseState; readonly now_ms: number }): VNode {
  const { lasted_ms, against } = phaseAt(phase, now_ms);
  const isRunning = phase.state === "running";
  return (
    <tr class={phase.state}>
      <th scope="row">
        <i class={`key ${phase.phase}`} aria-hidden="true" /> {phase.phase}
      </th>
      <td class="number">{tookWords(phase, lasted_ms)}</td>
      <td class="number">{phase.predicted_ms === null ? "–" : range(phase.predicted_ms)}</td>
      <td class={against}>
        {isRunning && against !== "late" ? "under way" : stateWords(phase, againstWords[against])}
      </td>
    </tr>
  );
}

function tookWords({ state }: PhaseState, lasted_ms: number | null): string {
  if (lasted_ms === null) return "–";
  return state === "done" ? length(lasted_ms) : ticking(lasted_ms);
}

const stateWords = ({ state }: PhaseState, against: string): string => {
  if (state === "unseen") return "nobody saw it";
  return state === "waiting" ? "" : against;
};
