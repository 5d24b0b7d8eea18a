import { instantFromMs } from "../../src/base/time.ts";
import { present } from "../../src/base/assert.ts";
import type { JournalRecord } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { ExpectedTrial, LiveEvent } from "../../src/live/live-event.ts";
import { LiveFeed } from "../../src/live/live-feed.ts";
import type { LiveState } from "../../src/live/live-state.ts";
import type { FakeRun } from "./fake-run.ts";

/** What an arm may be expected to take. */
export const expectation = {
  recovery_ms: [120_000, 140_000],
  phases_ms: {
    detection: [5000, 8000],
    fencing: [100_000, 130_000],
    placement: null,
    start: [1000, 4000],
    service: [10_000, 20_000],
  },
  trial_ms: [250_000, 280_000],
} as const;

/** What a run told while it ran: each event, and the state after it. */
export type Told = readonly (readonly [LiveEvent, LiveState])[];

interface Telling {
  readonly expected?: ExpectedTrial | null;
  /** Of whatever others have worded. */
  readonly spoil?: (text: string) => string;
}

/** Plays a fake run to a feed, fact by fact, in the order in which they would have come. */
export function toldRun(run: FakeRun, { expected = null, spoil = asItIs }: Telling = {}): Told {
  let nowMs = 0;
  const feed = new LiveFeed({
    clock: { speed: 60, now: () => instantFromMs(nowMs) },
    expect: () => () => expected,
    onDropped: (name, error) => {
      throw new Error(`${name} was dropped`, { cause: error });
    },
    onUnknown: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  const told: (readonly [LiveEvent, LiveState])[] = [];
  feed.listen("the test", (event, state) => told.push([event, state]));
  feed.runStarted(run.plan);
  for (const { at_ms, fact } of inOrder(run)) {
    nowMs = at_ms;
    if ("seq" in fact && "target" in fact) feed.sample(fact);
    else tellRecord(feed, run, fact, spoil);
  }
  feed.judged({ folder: "reports/fake", verdict: "pass", exit_code: 0 });
  return told;
}

const asItIs = (text: string): string => text;

type Fact = JournalRecord | Sample;

function inOrder({ records, samples }: FakeRun): readonly { at_ms: number; fact: Fact }[] {
  return [
    ...records.map((fact) => ({ at_ms: fact.at_ms, fact })),
    ...samples.map((fact) => ({ at_ms: fact.ended_ms, fact })),
  ].toSorted((a, b) => a.at_ms - b.at_ms);
}

function tellRecord(
  feed: LiveFeed,
  { plan }: FakeRun,
  record: JournalRecord,
  spoil: (text: string) => string,
): void {
  const { event } = record;
  if (event.kind === "run-ended") feed.runEnded({ end: event.end, detail: spoil(event.detail) });
  if (!("trial" in event)) return;
  const trial = present(
    plan.trials.find(({ id }) => id === event.trial),
    event.trial,
  );
  if (event.kind === "trial-started") feed.trialStarted(trial);
  feed.step(trial, spoil(event.kind));
  feed.record({ ...record, event: spoilt(event, spoil) });
  if (event.kind === "trial-ended") feed.trialEnded(trial);
}

function spoilt(
  event: JournalRecord["event"],
  spoil: (text: string) => string,
): JournalRecord["event"] {
  if (event.kind === "victim-found") return { ...event, node: spoil(event.node) };
  if (event.kind === "fault-requested") return { ...event, victim: spoil(event.victim) };
  if (event.kind === "trial-ended") return { ...event, detail: spoil(event.detail) };
  if (event.kind !== "control-plane") return event;
  const { node } = event.event;
  return { ...event, event: { ...event.event, node: node === null ? null : spoil(node) } };
}
