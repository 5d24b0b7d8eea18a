import { expect, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { ControlPlaneEventKind } from "../../src/model/cluster-facts.ts";
import type { TrialEvent } from "../../src/model/journal.ts";
import { journalLines } from "../../src/reporters/journal-lines.ts";
import { fakeReport } from "../support/fake-report.ts";
import { fakeRun } from "../support/fake-run.ts";
import { inputOfRun } from "../support/report-input.ts";

const [trial] = fakeReport().trials;
const struck = present(trial, "a trial");
const zero = 220_000 * 3;

const event = (kind: ControlPlaneEventKind, at_ms: number): TrialEvent => ({
  trial: struck.trial,
  kind: "control-plane",
  event: {
    kind,
    observed_ms: [at_ms - 100, at_ms],
    node: "pve2",
    instance: null,
    stamp: null,
    source: "GET /x",
    raw: null,
  },
});

const linesOf = (events: readonly TrialEvent[], whole = true): readonly string[] =>
  journalLines(
    struck,
    {
      records: events.map((each, index) => ({ at_ms: zero + 1000 * index, event: each })),
      edges: { lost: [], back: [] },
    },
    whole,
  );

test("journalLines counts gaps that follow each other, and renewals of leases at all", () => {
  const gap = event("observation-gap", zero);
  const lines = linesOf([
    gap,
    event("lease-renewed", zero),
    gap,
    event("node-lost", zero + 2500),
    gap,
  ]);
  expect(lines).toEqual([
    "+0.00 s observation gap of GET /x, seen -0.10 s .. +0.00 s, the first of 2",
    "+3.00 s pve2 IS LOST, seen +2.40 s .. +2.50 s",
    "+4.00 s observation gap of GET /x, seen -0.10 s .. +0.00 s",
    "1 renewal of leases",
  ]);
});

test("journalLines in short leaves out what every trial has, and keeps what was done and what came of it", () => {
  const lines = linesOf(
    [
      { trial: struck.trial, kind: "act-done", id: 1 },
      event("observation-gap", zero),
      { trial: struck.trial, kind: "healed" },
      { trial: struck.trial, kind: "undo-failed", id: 1, error: "the BMC is silent" },
    ],
    false,
  );
  expect(lines).toEqual([
    "+2.00 s the cluster is healed",
    "+3.00 s NOT taken back: the BMC is silent",
  ]);
});

test("journalLines has words for every fact of a run, whatever became of its trials", async () => {
  const { report, stories } = await inputOfRun(fakeRun({ trials: 10 }));
  for (const each of report.trials) {
    const story = present(stories.get(each.trial), "its story");
    const lines = journalLines(each, story, true);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines)
      expect(line).toMatch(/^[+-]\d+\.\d\d s \S.{2,150}$|^\d+ renewals? of/u);
  }
});
