import type { SpanMs } from "../base/interval.ts";
import { middleMs } from "../base/interval.ts";
import { faultOf } from "../live/phase-clock.ts";
import type { LiveTrial } from "../live/live-state.ts";
import type { Phase } from "../model/experiment.ts";
import { phases } from "../model/experiment.ts";
import type { TrialInstants } from "../model/trial-result.ts";

/** A piece of a trial's bar, in milliseconds since its fault. */
export interface Segment {
  readonly kind: Phase | "untold";
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Of a trial that is over. */
export function segmentsOf(instants: TrialInstants): readonly Segment[] {
  const { fault, node_lost, fenced, node_chosen, instance_started, back } = instants;
  return between([fault, node_lost, fenced, node_chosen, instance_started, back].map(middle));
}

/** Of the one under way, as it stands now. */
export function segmentsNow(trial: LiveTrial, now_ms: number): readonly Segment[] {
  const { back_ms } = trial.outage;
  const begins =
    trial.phases.length === 0
      ? [middle(faultOf(trial)), null, null, null, null]
      : trial.phases.map(({ since_ms }) => since_ms);
  const ended = between([...begins, back_ms]);
  if (back_ms !== null || begins[0] === null || begins[0] === undefined) return ended;
  const from_ms = ended.at(-1)?.to_ms ?? 0;
  const running = trial.phases.find(({ state }) => state === "running")?.phase ?? "untold";
  return [...ended, { kind: running, from_ms, to_ms: Math.max(from_ms, now_ms - begins[0]) }];
}

const middle = (span: SpanMs | null): number | null => (span === null ? null : middleMs(span));

/** From milestone to milestone. Where one was not seen, the time up to the next belongs to no phase of its own. */
function between(milestones: readonly (number | null)[]): readonly Segment[] {
  const [fault, ...ends] = milestones;
  if (fault === null || fault === undefined) return [];
  const found: Segment[] = [];
  let from_ms = 0;
  let isWhole = true;
  for (const [index, end] of ends.entries()) {
    if (end === null) {
      isWhole = false;
    } else {
      const to_ms = Math.max(from_ms, end - fault);
      found.push({ kind: isWhole ? (phases[index] ?? "untold") : "untold", from_ms, to_ms });
      [from_ms, isWhole] = [to_ms, true];
    }
  }
  return found;
}
