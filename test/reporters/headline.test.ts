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
