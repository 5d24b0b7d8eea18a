import type { Span, SpanMs } from "../base/interval.ts";
import { spanInMs } from "../base/interval.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import type { TrialGrid, TrialInstants, TrialResult } from "../model/trial-result.ts";
import { answeringOf } from "./answering.ts";
import { clockOffsets, worstClock } from "./clock-offsets.ts";
import { cycleAge } from "./cycle-age.ts";
import { durationsOf } from "./durations.ts";
import type { Edges } from "./edges.ts";
import { diesWith, struck } from "./struck.ts";
import { heldSession } from "./held-session.ts";
import { milestonesOf } from "./milestones.ts";
import { observedSamples } from "./observed-samples.ts";
import { outcomeOf } from "./outcome.ts";
import { spellsOf } from "./spells.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf, eventsOf, firstOf, lastOf } from "./trial-facts.ts";

/** All but what the twin would have said before, and why it took so long. */
export type MeasuredTrial = Omit<TrialResult, "prediction" | "explanation">;

/** What one trial's journal and samples mean. */
export function analyseTrial(
  trial: PlannedTrial,
  records: readonly TrialRecord[],
  recorded: readonly Sample[],
): MeasuredTrial {
  const samples = observedSamples(recorded);
  const victim = firstOf(records, "victim-found")?.node ?? null;
  const { fault, edges, notes } = struck(records, samples);
  const instants = instantsOf(records, fault, edges, victim ?? "");
  const lateness = latenessOf(records);
  const offsets = clockOffsets(records);
  const grid = gridOf(records);
  return {
    trial: trial.id,
    arm: trial.arm,
    repetition: trial.repetition,
    seed: trial.seed,
    started_wall: records[0]?.wall ?? null,
    outcome: outcomeOf(records, samples, fault, edges),
    victim,
    ...conditionsOf(records, instants.fault),
    ...whereaboutsOf(records),
    answering: answeringOf(records, samples),
    instants,
    ...durationsOf(instants),
    spells: spellsOf(aroundOutage(samples, span(fault)), lateness),
    session: heldSession(records, samples, instants.fault, lateness),
    samples: { ...countsOf(samples), flaps: edges.flaps },
    grid,
    clock_offsets: offsets,
    pictures: { before: pictureOf(records, "before"), after: pictureOf(records, "after") },
    viewed_ms: allOf(records, "viewed").map(({ during_ms }) => during_ms),
    notes: [...notesOf(records), ...notes, ...worstClock(offsets, grid)],
  };
}

function conditionsOf(
  records: readonly TrialRecord[],
  fault: SpanMs | null,
): Pick<TrialResult, "victim_was_master" | "cycle_age"> {
  const timers = lastOf(records, "timers")?.timers ?? null;
  return {
    victim_was_master: timers?.kind === "proxmox" ? timers.victim_is_master : null,
    cycle_age: cycleAge(timers, eventsOf(records), fault),
  };
}

function whereaboutsOf(records: readonly TrialRecord[]): Pick<TrialResult, "before" | "after"> {
  const before = firstOf(records, "victim-found") ?? firstOf(records, "desktop-deployed");
  return {
    before: before?.whereabouts ?? null,
    after: firstOf(records, "answering-again")?.whereabouts ?? null,
  };
}

function gridOf(records: readonly TrialRecord[]): TrialGrid | null {
  const observing = firstOf(records, "observing");
  if (observing === null) return null;
  return {
    endpoint: observing.endpoint,
    period_ms: observing.grid.period_ms,
    connect_timeout_ms: observing.timeouts.connect_ms,
    attempt_timeout_ms: observing.timeouts.attempt_ms,
    depth: observing.depth,
    consecutive: observing.consecutive,
  };
}

function instantsOf(
  records: readonly TrialRecord[],
  fault: Span | null,
  edges: Edges,
  victim: string,
): TrialInstants {
  const lateness = latenessOf(records);
  const ends = {
    fault: shownLate(span(fault), lateness),
    lost: shownLate(span(edges.lost), lateness),
    back: shownLate(span(edges.back), lateness),
  };
  if (fault === null) {
    return { ...ends, node_lost: null, fenced: null, node_chosen: null, instance_started: null };
  }
  const seen = milestonesOf(eventsOf(records), fault, edges.back, victim);
  return {
    ...ends,
    node_lost: shownLate(seen.node_lost, lateness),
    fenced: shownLate(seen.fenced, lateness),
    node_chosen: shownLate(seen.node_chosen, lateness),
    instance_started: shownLate(seen.instance_started, lateness),
  };
}

const latenessOf = (records: readonly TrialRecord[]): number =>
  firstOf(records, "observing")?.lateness_ms ?? 0;

/** A lab shows what its twin did up to that much later; what was seen may have been so that much earlier. */
const shownLate = (seen: SpanMs | null, latenessMs: number): SpanMs | null =>
  seen === null ? null : [seen[0] - latenessMs, seen[1]];

const span = (value: Span | null): SpanMs | null => (value === null ? null : spanInMs(value));

/** Seconds of answering before the fault that the timeline shows. */
const LEAD_MS = 5000;

const aroundOutage = (samples: readonly Sample[], fault: SpanMs | null): readonly Sample[] =>
  fault === null ? [] : samples.filter((sample) => sample.started_ms >= fault[0] - LEAD_MS);

function countsOf(samples: readonly Sample[]): Omit<TrialResult["samples"], "flaps"> {
  const count = (kind: Sample["result"]["kind"]): number =>
    samples.filter((sample) => sample.result.kind === kind).length;
  return { good: count("good"), bad: count("bad"), unobserved: count("unobserved") };
}

function pictureOf(
  records: readonly TrialRecord[],
  side: "before" | "after",
): TrialResult["pictures"]["before"] {
  const taken = allOf(records, "picture").find(({ when }) => when === side);
  if (taken === undefined) return null;
  const { file, thumbnail, width, height, taken_ms, instance } = taken;
  return { file, thumbnail, width, height, taken_ms, instance };
}

function notesOf(records: readonly TrialRecord[]): readonly string[] {
  return [
    ...allOf(records, "undo-failed").map((each) => `could not be taken back: ${each.error}`),
    ...allOf(records, "not-healed").map((each) => `not healed: ${each.problems.join("; ")}`),
    ...allOf(records, "samples-lost").map((each) => `samples were lost: ${each.detail}`),
    ...allOf(records, "session-not-held").map((each) => `no session was held: ${each.detail}`),
    ...allOf(records, "no-picture").map(
      ({ when, detail }) =>
        `no picture ${when === "before" ? "before the kill" : "after it"}: ${detail}`,
    ),
    ...unpredicted(records),
    ...allOf(records, "control-plane")
      .filter(({ event }) => event.kind === "observation-gap" || event.kind === "other-node-lost")
      .map(
        ({ event }) =>
          `${event.kind} (${event.source})${event.node === null ? "" : ` ${event.node}`}`,
      ),
  ];
}

/** Of a fault whose outage nobody predicts it says nothing. */
const unpredicted = (records: readonly TrialRecord[]): readonly string[] =>
  diesWith(records)
    ? allOf(records, "not-predicted").map(({ detail }) => `not predicted: ${detail}`)
    : [];
