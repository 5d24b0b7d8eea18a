import { expect, test } from "vitest";
import type { RunReport } from "../../src/model/run-report.ts";
import { headline } from "../../src/reporters/headline.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";

const onlyArm = (report: RunReport, name: string): RunReport => ({
  ...report,
  arms: report.arms.filter((arm) => arm.name === name),
});

test("headline of one arm names its median and how many trials that is of", () => {
  expect(headline(onlyArm(fakeReport(), "proxmox-console"))).toMatch(
    /^A desktop is gone for 13\d\.\d s \(median of 10\)\.$/u,
  );
});

test("headline without a recovered trial gives the bound, and no number where there is none", () => {
  const none = onlyArm(emptyReport(), "kubernetes");
  const censored = fakeReport().trials.filter(({ outcome }) => outcome.kind === "censored");
  expect(headline({ ...none, trials: censored })).toBe(
    "A desktop is gone for more than 180.0 s: no trial saw it back.",
  );
  expect(headline(none)).toBe("No trial says how long a desktop is gone.");
});

test("headline tells the outage, not the recovery, where the outage began long after the fault", () => {
  const report = onlyArm(fakeReport(), "kubernetes");
  const later = report.arms.map((arm) => ({
    ...arm,
    statistics: arm.statistics.map((each) =>
      each.measure === "outage" && each.values_ms.median !== null
        ? {
            ...each,
            values_ms: {
              ...each.values_ms,
              median: { value_ms: 5000, range_ms: [4900, 5100] as const, label: null },
            },
          }
        : each,
    ),
  }));
  expect(headline({ ...report, arms: later })).toMatch(/^A desktop is gone for 5\.0 s/u);
});

test("headline of trials without outage says so", () => {
  const none = onlyArm(emptyReport(), "kubernetes");
  const arms = none.arms.map((arm) => ({
    ...arm,
    outcomes: { ...arm.outcomes, "no-outage": 10, missing: 0 },
  }));
  expect(headline({ ...none, arms })).toBe(
    "A desktop goes on answering: 10 of 10 trials saw no outage.",
  );
});
