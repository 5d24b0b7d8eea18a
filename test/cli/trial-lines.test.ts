import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { TrialLines } from "../../src/cli/progress/trial-lines.ts";
import type { JournalRecord } from "../../src/model/journal.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { arm } from "../support/fake-study.ts";
import { fakeTrial } from "../support/fake-trial.ts";

const colours = createColors(false);
const trial = { id: "001-arm-1", arm: "arm", repetition: 1, seed: 1 };

const { events, samples } = fakeTrial(
  { trial, arm, at_ms: 0, fate: "recovers" },
  new SeededRandom(1),
);
const records = events.map(({ at_ms, event }, index): JournalRecord => {
  const seq = index + 1;
  return { seq, at_ms, wall: "2026-01-01T00:00:00Z", event: { ...event, trial: trial.id } };
});

function tell(lines: TrialLines): void {
  for (const record of records) lines.record(record);
  for (const sample of samples) lines.sample(sample);
}

describe("TrialLines", () => {
  it("tells a trial's result in one line", () => {
    const lines = new TrialLines();
    lines.begin(trial);
    tell(lines);
    expect(lines.end(colours)).toMatch(/^recovered in \d+\.\d s ±\d+\.\d s {2}pve2 -> pve3/u);
  });

  it("keeps no more of a trial than it can, says so, and tells the next one again", () => {
    const lines = new TrialLines(records.length + samples.length);
    lines.begin(trial);
    tell(lines);
    expect(lines.kept).toBe(records.length + samples.length);
    expect(lines.end(colours)).toMatch(/^recovered/u);
    tell(lines);
    tell(lines);
    expect(lines.kept).toBe(0);
    expect(lines.end(colours)).toMatch(/^ended; .*more than \d+ facts.*report/u);
    tell(lines);
    expect(lines.end(colours)).toMatch(/^recovered/u);
  });
});
