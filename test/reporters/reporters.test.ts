import { expect, test } from "vitest";
import { formats } from "../../src/reporters/reporters.ts";
import { fakeReport } from "../support/fake-report.ts";
import { fakeRun } from "../support/fake-run.ts";
import { allReporters, filesOf, inputFor, inputOfRun, textOf } from "../support/report-input.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";

test("after each run there is a file for everybody, each once", async () => {
  const input = inputFor(fakeReport());
  const paths: string[] = [];
  for (const [name, { byDefault }] of formats) {
    const reporter = allReporters.get(name);
    if (!byDefault || reporter === undefined) continue;
    for (const { path } of await filesOf(reporter, input)) paths.push(path);
  }
  const arms = ["1-proxmox-guest", "2-proxmox-console", "3-kubernetes"];
  const drawings = [
    "ecdf",
    "recovery",
    ...arms.flatMap((arm) => [`cycle-age-${arm}`, `timeline-${arm}`]),
  ];
  expect(paths.toSorted()).toEqual([
    "junit.xml",
    "metrics.prom",
    ...drawings.toSorted().flatMap((name) => [`plots/${name}.png`, `plots/${name}.svg`]),
    "report.html",
    "report.json",
    "report.md",
    "trials.csv",
  ]);
});

test.each([...allReporters])(
  "the %s reporter gives the same bytes for the same report",
  async (_, reporter) => {
    for (const make of [fakeReport, hostileReport, emptyReport]) {
      const once = await filesOf(reporter, inputFor(make()));
      expect(await filesOf(reporter, inputFor(make()))).toEqual(once);
    }
  },
);

test("report.json is the report itself, so that every other format can be made from it again", () => {
  const reporter = allReporters.get("json");
  expect(JSON.parse(reporter === undefined ? "" : textOf(reporter, fakeReport()))).toEqual(
    fakeReport(),
  );
});

test.each([...allReporters])(
  "the %s reporter shows a real analysis without NaN or undefined",
  async (_, reporter) => {
    const input = await inputOfRun(fakeRun({ trials: 4 }));
    for (const { bytes } of await filesOf(reporter, input)) {
      expect(bytes.toString()).not.toMatch(/\bNaN\b|\bundefined\b|\bInfinity\b|\[object/u);
    }
  },
);
