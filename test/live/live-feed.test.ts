import { describe, expect, it } from "vitest";
import { zero } from "../../src/base/time.ts";
import { origin } from "../../src/base/time.ts";
import { Audience } from "../../src/live/audience.ts";
import { expectedTrial } from "../../src/live/expected-trial.ts";
import { KeptFacts } from "../../src/live/kept-facts.ts";
import { LiveFeed } from "../../src/live/live-feed.ts";
import type { JournalRecord } from "../../src/model/journal.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { fakeExperiment, fakeInventory, fakeLab } from "../support/fake-experiment.ts";
import { fakeRun } from "../support/fake-run.ts";
import { arm } from "../support/fake-study.ts";
import { expectation } from "../support/told-run.ts";
import { fakeTrial } from "../support/fake-trial.ts";

describe("Audience", () => {
  it("drops one that throws, tells that once, and goes on to the others in their order", () => {
    const dropped: string[] = [];
    const heard: string[] = [];
    const audience = new Audience<(word: string) => void>((name, error) =>
      dropped.push(`${name}: ${String(error)}`),
    );
    audience.add("first", (word) => heard.push(`1 ${word}`));
    audience.add("broken", () => {
      throw new Error("oops");
    });
    audience.add("last", (word) => heard.push(`2 ${word}`));
    for (const word of ["a", "b"]) {
      audience.tell((each) => {
        each(word);
      });
    }
    expect(heard).toEqual(["1 a", "2 a", "1 b", "2 b"]);
    expect(dropped).toEqual(["broken: Error: oops"]);
  });
});

describe("LiveFeed", () => {
  it("keeps its state although a listener breaks, and goes on telling the others", () => {
    const dropped: string[] = [];
    const feed = new LiveFeed({
      clock: { speed: 1, now: () => origin },
      expect: () => () => null,
      onDropped: (name) => dropped.push(name),
      onUnknown: (what) => dropped.push(what),
    });
    const kinds: string[] = [];
    feed.listen("broken", () => {
      throw new Error("oops");
    });
    feed.listen("good", ({ kind }, state) => kinds.push(`${kind} ${state.run?.trials ?? 0}`));
    feed.runStarted(fakeRun({ trials: 1 }).plan);
    feed.stopping("enough");
    expect(kinds).toEqual(["run-started 3", "stopping 3"]);
    expect(dropped).toEqual(["broken"]);
    expect(feed.state.stopping).toBe("enough");
  });
});

describe("LiveFeed, of a trial whose facts break it", () => {
  const run = fakeRun({ trials: 1 });
  const [first, second] = run.plan.trials;
  const unknown: string[] = [];
  const feed = new LiveFeed({
    clock: { speed: 1, now: () => origin },
    expect: () => (of) => {
      if (of.name === first?.arm) throw new Error("no such timing");
      return expectation;
    },
    onDropped: (name) => unknown.push(`dropped: ${name}`),
    onUnknown: (what, error) => unknown.push(`${what}: ${String(error)}`),
  });
  const factsOf = (id: string) => ({
    records: run.records.filter(({ event }) => "trial" in event && event.trial === id),
    samples: run.samples.filter((sample) => sample.trial === id),
  });

  it("does without what it expected and what came of it, tells both once, and knows all of the next one", () => {
    if (first === undefined || second === undefined) throw new Error("no trials");
    feed.runStarted(run.plan);
    for (const trial of [first, second]) {
      feed.trialStarted(trial);
      const { records, samples } = factsOf(trial.id);
      for (const record of records) {
        const { event } = record;
        const isBroken = trial === first && event.kind === "control-plane";
        feed.record(isBroken ? { ...record, event: { ...event, event: null as never } } : record);
      }
      for (const sample of samples) feed.sample(sample);
      feed.trialEnded(trial);
    }
    expect(feed.state.results.map(({ outcome }) => outcome?.kind)).toEqual([
      undefined,
      "recovered",
    ]);
    const expected = feed.state.run?.arms.map((each) => each.expected);
    expect(expected).toEqual([null, expectation, expectation]);
    expect(unknown).toEqual([
      `what is expected of ${first.arm} is not known: Error: no such timing`,
      expect.stringContaining(`some of trial ${first.id} is not shown: TypeError`),
      expect.stringContaining(`what came of trial ${first.id} is not known: TypeError`),
    ]);
  });
});

const trial = { id: "001-arm-1", arm: "arm", repetition: 1, seed: 1 };
const { events, samples } = fakeTrial(
  { trial, arm, at_ms: 0, fate: "recovers" },
  new SeededRandom(1),
);
const records = events.map(({ at_ms, event }, index): JournalRecord => {
  const seq = index + 1;
  return { seq, at_ms, wall: "2026-01-01T00:00:00Z", event: { ...event, trial: trial.id } };
});

const { plan } = fakeRun({ trials: 1 });

function tell(facts: KeptFacts): void {
  for (const record of records) facts.record(record);
  for (const sample of samples) facts.sample(sample);
}

describe("KeptFacts", () => {
  it("keeps no more of a trial than it can, says so, and keeps the next one again", () => {
    const facts = new KeptFacts(records.length + samples.length);
    tell(facts);
    expect(facts.kept).toBe(records.length + samples.length);
    expect(facts.end(plan, trial)?.outcome.kind).toBe("recovered");
    tell(facts);
    tell(facts);
    expect(facts.kept).toBe(0);
    expect(facts.end(plan, trial)).toBeNull();
    tell(facts);
    expect(facts.end(plan, trial)?.outcome.kind).toBe("recovered");
  });
});

describe("expectedTrial", () => {
  const { arms } = fakeExperiment(1, 1);
  const expectedOf = (changes = {}) =>
    arms.map((each) => {
      const cluster = fakeInventory.clusters.find(({ name }) => name === each.cluster);
      if (cluster === undefined) throw new Error("no such cluster");
      return expectedTrial({ ...each, ...changes }, cluster, {
        lab: fakeLab,
        random: new SeededRandom(1),
      });
    });

  it("has a range for each arm whose machine dies, the same each time, and a trial longer than its recovery", () => {
    const first = expectedOf();
    expect(first).toEqual(expectedOf());
    for (const each of first) {
      expect(each?.recovery_ms[0]).toBeGreaterThan(zero);
      expect(each?.recovery_ms[1]).toBeGreaterThanOrEqual(each?.recovery_ms[0] ?? 0);
      expect(each?.trial_ms[0]).toBeGreaterThan(each?.recovery_ms[0] ?? 0);
    }
  });

  it("has none where the cluster decides whether anybody notices", () => {
    expect(expectedOf({ fault: { kind: "drain", over: "api" } })).toEqual([null, null, null]);
  });
});
