import { expect, it } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import { present } from "../../src/base/assert.ts";
import type { TrialStory } from "../../src/model/trial-story.ts";
import { fakeRun, streamed } from "../support/fake-run.ts";

it("a story holds the trial's records, and the attempts around both edges on both targets", async () => {
  const run = fakeRun({ trials: 2, fate: () => "recovers" });
  const stories = new Map<string, TrialStory>();
  const report = await analyse({ ...run, samples: streamed(run.samples) }, (trial, story) =>
    stories.set(trial, story),
  );
  expect([...stories.keys()].toSorted()).toEqual(
    report.trials.map(({ trial }) => trial).toSorted(),
  );
  for (const { trial, instants } of report.trials) {
    const { records, edges } = present(stories.get(trial), trial);
    const own = run.records.filter(({ event }) => "trial" in event && event.trial === trial);
    expect(records.map(({ at_ms }) => at_ms)).toEqual(own.map(({ at_ms }) => at_ms));
    for (const [side, edge_ms] of [
      ["lost", instants.lost?.[0] ?? 0],
      ["back", instants.back?.[0] ?? 0],
    ] as const) {
      const desktop = edges[side].filter(({ target }) => target === "desktop");
      expect(desktop.length).toBeLessThanOrEqual(12);
      const [first, last] = [desktop.at(0), desktop.at(-1)];
      expect(first?.started_ms).toBeLessThanOrEqual(edge_ms);
      expect(last?.started_ms).toBeGreaterThan(edge_ms);
      expect(desktop.map(({ seq }) => seq)).toEqual(
        desktop.map(({ seq }) => seq).toSorted((a, b) => a - b),
      );
      expect(new Set(desktop.map(({ result }) => result.kind)).size).toBeGreaterThan(1);
    }
  }
});

it("the clusters' settings are those that were read last before a kill, and the origin is the clock's zero", async () => {
  const run = fakeRun({ trials: 1 });
  const report = await analyse({ ...run, samples: streamed(run.samples) });
  const named = report.clusters.map(({ settings }) => settings.map(({ name }) => name));
  expect(named).toEqual([
    ["nodes", "totem.token", "totem.token_coefficient"],
    expect.arrayContaining(["node-monitor-period", "node-monitor-grace-period"]),
  ]);
  const [first] = run.records;
  const sinceOrigin = Date.parse(first?.wall ?? "") - Date.parse(report.origin_wall ?? "");
  expect(sinceOrigin).toBeCloseTo(first?.at_ms ?? -1, 0);
});
