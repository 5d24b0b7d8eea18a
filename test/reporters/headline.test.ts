import { expect, test } from "vitest";
import type { RunReport } from "../../src/model/run-report.ts";
import { headline } from "../../src/reporters/headline.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";

const onlyArm = (report: RunReport, name: string): RunReport => ({
  ...report,
  arms: report.arms.filter((arm) => arm.name === name),
});

test("headline of one arm names its cluster, its median, where nine of ten lie, and what detection takes", () => {
  expect(headline(onlyArm(fakeReport(), "proxmox-console"))).toMatch(
    /^A desktop on lab-pve is gone for 13\d\.\d s \(median of 10\); 9 of 10 between 1\d\d\.\d and 1\d\d\.\d s; detection takes \d\d\.\d s of it\.$/u,
  );
});

test("headline of few trials says between what all of them lie, and of one nothing like that", () => {
  const report = onlyArm(fakeReport(), "proxmox-console");
  const withBulk = (trials: number): string =>
    headline({
      ...report,
      arms: report.arms.map((arm) => ({
        ...arm,
        bulk: { trials, of: trials, range_ms: [128_000, 140_000] as const },
      })),
    });
  expect(withBulk(3)).toContain("; all 3 between 128.0 and 140.0 s; ");
  expect(withBulk(1)).not.toContain("between");
});

test("headline without a recovered trial gives the bound, and no number where there is none", () => {
  const none = onlyArm(emptyReport(), "kubernetes");
  const censored = fakeReport().trials.filter(({ outcome }) => outcome.kind === "censored");
  expect(headline({ ...none, trials: censored })).toBe(
    "A desktop on lab-k8s is gone for more than 180.0 s: no trial saw it back.",
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
  expect(headline({ ...report, arms: later })).toMatch(
    /^A desktop on lab-k8s is gone for 5\.0 s \(median of 9\)\.$/u,
  );
});

test("headline of trials without outage says so", () => {
  const none = onlyArm(emptyReport(), "kubernetes");
  const arms = none.arms.map((arm) => ({
    ...arm,
    outcomes: { ...arm.outcomes, "no-outage": 10, missing: 0 },
  }));
  expect(headline({ ...none, arms })).toBe(
    "A desktop on lab-k8s goes on answering: 10 of 10 trials saw no outage.",
  );
});
