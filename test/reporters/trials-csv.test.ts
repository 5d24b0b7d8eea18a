import { expect, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import { trialsCsv } from "../../src/reporters/trials-csv.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";
import { textOf } from "../support/report-input.ts";

type Row = ReadonlyMap<string, string>;

const contentOf = (report: RunReport): string => textOf(trialsCsv, report);

/** RFC 4180, written here anew; every row must have as many cells as the header. */
function readCsv(text: string): readonly Row[] {
  const [header = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gu)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
      ),
    );
  return rows.map((cells) => {
    expect(cells).toHaveLength(header.length);
    return new Map(header.map((name, index) => [name, cells[index] ?? ""]));
  });
}

const row = (report: RunReport, trial: string): Row =>
  present(
    readCsv(contentOf(report)).find((each) => each.get("trial") === trial),
    trial,
  );

test("trials.csv has a row for each trial, with middle and both ends in seconds", () => {
  const report = fakeReport();
  expect(readCsv(contentOf(report))).toHaveLength(30);
  for (const trial of report.trials) {
    const cells = row(report, trial.trial);
    const [low, high] = trial.durations_ms.recovery ?? [];
    expect(cells.get("recovery_low_s")).toBe(low === undefined ? "" : String(low / 1000));
    expect(cells.get("recovery_high_s")).toBe(high === undefined ? "" : String(high / 1000));
    const middle = low === undefined || high === undefined ? "" : (low + high) / 2000;
    expect(Math.abs(Number(cells.get("recovery_s")) - Number(middle))).toBeLessThan(0.001);
  }
});

test("trials.csv says what was predicted, and whether the recovery is in it", () => {
  const report = fakeReport();
  const [trial] = report.trials;
  const { prediction } = present(trial, "a trial");
  const cells = row(report, present(trial, "a trial").trial);
  expect(cells.get("predicted_low_s")).toBe(String((prediction?.recovery_ms[0] ?? 0) / 1000));
  expect(cells.get("predicted_high_s")).toBe(String((prediction?.recovery_ms[1] ?? 0) / 1000));
  expect(cells.get("inside_prediction")).toBe("true");
  expect(row(report, "027-kubernetes-9").get("inside_prediction")).toBe("");
});

test("trials.csv gives a censored trial its bound and no recovery", () => {
  const cells = row(fakeReport(), "027-kubernetes-9");
  expect([cells.get("outcome"), cells.get("longer_than_s"), cells.get("recovery_s")]).toEqual([
    "censored",
    "180",
    "",
  ]);
});

test("trials.csv tells where the desktop was and went, and on which seeds", () => {
  const cells = row(fakeReport(), "001-proxmox-guest-1");
  const wanted = [
    "victim",
    "node_after",
    "instance_after",
    "trial_seed",
    "experiment_seed",
    "cluster",
  ];
  expect(wanted.map((name) => cells.get(name)).join(" ")).toBe(
    "pve3 pve2 proxmox-guest-new-1 1001 1 lab-pve",
  );
});

test("trials.csv lets no spreadsheet take foreign text for a formula", () => {
  const [first, ...others] = fakeReport().trials;
  const dangers = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1"];
  for (const danger of dangers) {
    const trials = [{ ...present(first, "a trial"), victim: danger, notes: [danger] }, ...others];
    const cells = row(fakeReport({ trials }), "001-proxmox-guest-1");
    expect(cells.get("victim")).toMatch(/^'[-=+@]/u);
    expect(cells.get("notes")).toMatch(/^'[-=+@]/u);
  }
});

test("trials.csv of a hostile cluster still has one line per trial", () => {
  expect(readCsv(contentOf(hostileReport()))).toHaveLength(30);
  expect(readCsv(contentOf(emptyReport()))).toHaveLength(0);
});
