import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { RangeMs } from "../base/interval.ts";
import { faultOf } from "../live/phase-clock.ts";
import type { LiveResult } from "../live/live-event.ts";
import type { LiveState, LiveTrial } from "../live/live-state.ts";
import { middleMs } from "../base/interval.ts";
import { Axis, Bar } from "./bar.tsx";
import { longestOf } from "./longest.ts";
import { segmentsNow, segmentsOf } from "./segments.ts";
import { outcome, remark, spellWords, ticking } from "./words.ts";

/** More rows make a page slow, and nobody scrolls that far: the report has them all. */
const MOST_ROWS = 200;

/** One row per trial, the latest first; the one under way grows. */
export function Trials({
  state,
  now_ms,
}: {
  readonly state: LiveState;
  readonly now_ms: number;
}): VNode {
  const { trial, results } = state;
  const longest_ms = longestOf(state, now_ms);
  const shown = useMemo(
    () =>
      results
        .slice(-MOST_ROWS)
        .toReversed()
        .map((result) => <Ended key={result.trial} result={result} longest_ms={longest_ms} />),
    [results, longest_ms],
  );
  return (
    <section class="trials" aria-labelledby="trials-title">
      <h2 id="trials-title">Trials so far</h2>
      <Legend trial={trial} />
      <div class="scroll" tabIndex={0} role="region" aria-label="All trials so far">
        <table class="stacked">
          <caption class="hidden">Trials, the latest first, in seconds since the fault</caption>
          <thead>
            <tr>
              <th scope="col">Trial</th>
              <th scope="col" class="wide whole last">
                <Axis longest_ms={longest_ms} />
              </th>
              <th scope="col" class="number">
                Recovery
              </th>
              <th scope="col" class="told">
                Where
              </th>
            </tr>
          </thead>
          <tbody>
            {trial === null ? null : (
              <Growing trial={trial} longest_ms={longest_ms} now_ms={now_ms} />
            )}
            {shown}
          </tbody>
        </table>
      </div>
      {results.length > MOST_ROWS ? (
        <p class="soft">The latest {MOST_ROWS}; the report will have all.</p>
      ) : null}
    </section>
  );
}

function Growing({
  trial,
  longest_ms,
  now_ms,
}: {
  readonly trial: LiveTrial;
  readonly longest_ms: number;
  readonly now_ms: number;
}): VNode {
  const { outage } = trial;
  const fault = faultOf(trial);
  const fault_ms = fault === null ? null : middleMs(fault);
  const lasts = fault_ms === null ? null : (outage.back_ms ?? now_ms) - fault_ms;
  const spells =
    fault_ms === null
      ? []
      : trial.spells.map(({ kind, from_ms, to_ms }) => ({
          kind,
          from_ms: from_ms - fault_ms,
          to_ms: to_ms - fault_ms,
        }));
  return (
    <Row
      name={`${trial.arm} #${trial.repetition}`}
      bar={
        <Bar
          longest_ms={longest_ms}
          segments={segmentsNow(trial, now_ms)}
          spells={spells}
          predicted_ms={trial.predicted_ms}
          growing={outage.back_ms === null}
        />
      }
      value={lasts === null ? "–" : ticking(lasts)}
      where={trial.victim ?? ""}
    />
  );
}

function Ended({
  result,
  longest_ms,
}: {
  readonly result: LiveResult;
  readonly longest_ms: number;
}): VNode {
  return (
    <Row
      name={`${result.arm} #${result.repetition}`}
      bar={
        <Bar
          longest_ms={longest_ms}
          segments={segmentsOf(result.instants)}
          spells={[]}
          predicted_ms={predictedOf(result)}
          growing={result.outcome?.kind === "censored"}
        />
      }
      value={outcome(result)}
      where={remark(result)}
    />
  );
}

/** Where nothing was to be recovered from, there is nothing to hold a prediction against. */
const predictedOf = ({ outcome: came, predicted_ms }: LiveResult): RangeMs | null =>
  came?.kind === "recovered" || came?.kind === "censored" ? predicted_ms : null;

const Row = ({
  name,
  bar,
  value,
  where,
}: {
  readonly name: string;
  readonly bar: VNode;
  readonly value: string;
  readonly where: string;
}): VNode => (
  <tr>
    <th scope="row">{name}</th>
    <td class="wide whole last">{bar}</td>
    <td class="number">{value}</td>
    <td class="where whole last">{where}</td>
  </tr>
);

const kinds = ["detection", "fencing", "placement", "start", "service"] as const;

const Legend = ({ trial }: { readonly trial: LiveTrial | null }): VNode => (
  <p class="legend">
    {kinds.map((kind) => (
      <span key={kind}>
        <i class={`key ${kind}`} aria-hidden="true" /> {kind}
      </span>
    ))}
    <span>
      <i class="key untold" aria-hidden="true" /> not told apart
    </span>
    <span>
      <i class="key predicted" aria-hidden="true" /> predicted end
    </span>
    {[...new Set(trial?.spells.map(({ kind }) => kind))].map((kind) => (
      <span key={kind}>
        <i class={`key band ${kind}`} aria-hidden="true" /> {spellWords[kind]}
      </span>
    ))}
  </p>
);
