import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../../src/cli/commands/compare.ts";
import { report } from "../../../src/cli/commands/report.ts";
import { readRuns } from "../../../src/cli/history/read-runs.ts";
import type { RunReport } from "../../../src/model/run-report.ts";
import { reportSchema } from "../../../src/reporters/report-schema.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";

const FIXTURES = "test/fixtures/runs";

/** Runs of the thesis's study by versions of before, cut to their first trials: journals that hold less than today's. */
const runs = [
  // No predictions, held sessions, clock offsets, locks; a plan without moments and overrides.
  { name: "2026-11-22", trials: 6, predicted: false },
  // No pictures.
  { name: "2026-11-30", trials: 3, predicted: true },
] as const;

let reports = "";
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "blackout-old-"));
  await cp(FIXTURES, reports, { recursive: true });
});
afterAll(async () => {
  await rm(reports, { recursive: true });
});

describe.each(runs)("the run of $name", ({ name, trials, predicted }) => {
  let judged: RunReport;
  let warnings = "";
  beforeAll(async () => {
    const { terminal, err } = fakeTerminal();
    await report(join(reports, name), {}, terminal);
    warnings = err();
    const text = await readFile(join(reports, name, "report.json"), "utf8");
    judged = reportSchema.parse(JSON.parse(text));
  });

  it("is judged: every trial recovered, in the time that its cluster takes", () => {
    expect(judged.trials).toHaveLength(trials);
    for (const { arm, outcome, durations_ms } of judged.trials) {
      expect(outcome).toMatchObject({ kind: "recovered", instance: "new" });
      const [least, most] = arm === "kubernetes" ? [40_000, 60_000] : [120_000, 165_000];
      expect(durations_ms.recovery?.[0]).toBeGreaterThan(least);
      expect(durations_ms.recovery?.[1]).toBeLessThan(most);
    }
    expect(judged.trials.every(({ prediction }) => (prediction !== null) === predicted)).toBe(true);
  });

  it("is written in every default format, with nothing where it knew less", async () => {
    expect(warnings).toBe("");
    const files = (await readdir(join(reports, name))).filter((file) =>
      /\.(?:html|csv|md|xml|prom)$/u.test(file),
    );
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      const text = await readFile(join(reports, name, file), "utf8");
      expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object/u);
      for (const { trial } of judged.trials.slice(0, file.endsWith(".prom") ? 0 : 1))
        expect(text).toContain(trial);
    }
  });
});

it("runs of two versions are listed beside each other, and compared", async () => {
  const listed = await readRuns(reports);
  expect(listed.map(({ folder }) => folder)).toEqual(runs.map(({ name }) => name));
  const [older, newer] = runs.map(({ name }) => join(reports, name));
  const { terminal, out } = fakeTerminal();
  expect(await compare(newer ?? "", older ?? "", {}, terminal)).toBe(0);
  expect(out()).toContain("kubernetes");
});
