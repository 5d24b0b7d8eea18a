import { DateTime } from "luxon";
import { hash128 } from "../../base/hash-128.ts";
import type { SpanMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Phase } from "../../model/experiment.ts";
import { phases } from "../../model/experiment.ts";
import type { TrialInstants, TrialResult } from "../../model/trial-result.ts";
import type { StoryRecord } from "../../model/trial-story.ts";
import type { ReportInput } from "../reporter.ts";
import { outcomeWords } from "../words.ts";
import { attributes, durationAttributes, trialAttributes } from "./attributes.ts";
import type { SpanEvent, TraceSpan } from "./trace-span.ts";

/**
 * A trace for each trial, its root first: the trial, in it the outage, and the recovery with its phases. An instant that is
 * known within bounds stands at their middle. Ids come from run and trial, so that a second export is the same. Empty where
 * nobody knows when the run was, or when the trial.
 */
export function tracesOf({ report, stories }: ReportInput): readonly (readonly TraceSpan[])[] {
  return report.trials.flatMap((trial) => {
    const records = stories.get(trial.trial)?.records ?? [];
    const during = extent(trial, records);
    const zero_ms = zeroOf(trial, records) ?? wallMs(report.origin_wall);
    if (during === null || zero_ms === null) return [];
    const wallOf = (ms: number): bigint => BigInt(Math.round((zero_ms + ms) * 1000)) * 1000n;
    const traceId = hash128(`${report.run} ${trial.trial}`);
    const make = (part: Part): TraceSpan => ({
      traceId,
      spanId: spanId(traceId, part.name),
      parentSpanId: part.within === null ? null : spanId(traceId, part.within),
      name: part.name,
      start_ns: wallOf(part.during[0]),
      end_ns: wallOf(Math.max(...part.during)),
      attributes: part.attributes,
      events: part.events.map(({ name, at_ms, attributes: own }) => ({
        name,
        at_ns: wallOf(at_ms),
        attributes: own,
      })),
      error: part.error,
    });
    const root: Part = {
      name: ROOT,
      within: null,
      during,
      attributes: trialAttributes(trial, report),
      events: spellEvents(trial),
      error: errorOf(trial),
    };
    return [[root, ...outageOf(trial), ...recoveryOf(trial)].map(make)];
  });
}

const ROOT = "trial";

interface Part extends Pick<TraceSpan, "name" | "attributes" | "error"> {
  /** The name of the part that it is in. */
  readonly within: string | null;
  readonly during: SpanMs;
  readonly events: readonly (Omit<SpanEvent, "at_ns"> & { readonly at_ms: number })[];
}

const spanId = (traceId: string, name: string): string => hash128(`${traceId} ${name}`).slice(16);

/** What a wall clock showed, by the trial's own label, at the zero of the run's: that stands still until a run is resumed. */
function zeroOf({ started_wall }: TrialResult, [first]: readonly StoryRecord[]): number | null {
  const started_ms = wallMs(started_wall);
  return started_ms === null || first === undefined ? null : started_ms - first.at_ms;
}

function wallMs(label: string | null): number | null {
  const time = DateTime.fromISO(label ?? "");
  return time.isValid ? time.toMillis() : null;
}

/** From its first record to its last; without records, from the first instant that is known to the last. */
function extent({ instants }: TrialResult, records: readonly StoryRecord[]): SpanMs | null {
  const { fault, lost, back } = instants;
  const known = [fault, lost, back].filter((instant) => instant !== null).map(middleMs);
  const times = records.length > 0 ? records.map(({ at_ms }) => at_ms) : known;
  return times.length === 0 ? null : [Math.min(...times), Math.max(...times)];
}

/** What a user sees, one kind of failure after the other. */
const spellEvents = ({ spells }: TrialResult): Part["events"] =>
  spells.map(({ kind, from_ms, to_ms, samples }) => ({
    name: `spell ${kind}`,
    at_ms: from_ms,
    attributes: attributes({
      "blackout.spell.kind": kind,
      "blackout.spell.seconds": Math.round(to_ms - from_ms) / 1000,
      "blackout.spell.samples": BigInt(samples),
    }),
  }));

function outageOf({ instants: { lost, back }, durations_ms }: TrialResult): readonly Part[] {
  if (lost === null || back === null) return [];
  return [
    {
      name: "outage",
      within: ROOT,
      during: [middleMs(lost), middleMs(back)],
      attributes: attributes(durationAttributes("blackout.duration", durations_ms.outage)),
      events: [],
      error: null,
    },
  ];
}

function recoveryOf(trial: TrialResult): readonly Part[] {
  const { fault, back } = trial.instants;
  if (fault === null) return [];
  const parts = phases.flatMap((phase) => phaseOf(phase, trial, back === null ? ROOT : RECOVERY));
  if (back === null) return parts;
  return [
    {
      name: RECOVERY,
      within: ROOT,
      during: [middleMs(fault), middleMs(back)],
      attributes: attributes(durationAttributes("blackout.duration", trial.durations_ms.recovery)),
      events: waitEvents(trial, middleMs(fault)),
      error: null,
    },
    ...parts,
  ];
}

const RECOVERY = "recovery";

const bounds: Readonly<Record<Phase, readonly [keyof TrialInstants, keyof TrialInstants]>> = {
  detection: ["fault", "node_lost"],
  fencing: ["node_lost", "fenced"],
  placement: ["fenced", "node_chosen"],
  start: ["node_chosen", "instance_started"],
  service: ["instance_started", "back"],
};

function phaseOf(phase: Phase, trial: TrialResult, within: string): readonly Part[] {
  const [from, to] = bounds[phase].map((name) => trial.instants[name]);
  if (from === null || from === undefined || to === null || to === undefined) return [];
  return [
    {
      name: phase,
      within,
      during: [middleMs(from), middleMs(to)],
      attributes: attributes({
        ...durationAttributes("blackout.duration", trial.durations_ms[phase]),
        ...durationAttributes("blackout.prediction", trial.prediction?.phases_ms[phase] ?? null),
      }),
      events: [],
      error: null,
    },
  ];
}

/** Which wait took how long, each beginning where the one before it ends. */
function waitEvents({ explanation }: TrialResult, fault_ms: number): Part["events"] {
  let at_ms = fault_ms;
  return (explanation?.waits ?? []).map(({ name, phase, likely_ms, setting, source }) => {
    const begins = at_ms;
    at_ms += likely_ms;
    return {
      name: "wait",
      at_ms: begins,
      attributes: attributes({
        "blackout.wait.name": name,
        "blackout.wait.phase": phase,
        "blackout.wait.seconds": Math.round(likely_ms) / 1000,
        "blackout.wait.setting": setting,
        "blackout.wait.source": source,
      }),
    };
  });
}

const errorOf = ({ outcome }: TrialResult): string | null =>
  outcome.kind === "censored" || outcome.kind === "void" ? outcomeWords(outcome) : null;
