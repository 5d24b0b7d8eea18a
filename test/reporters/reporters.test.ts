import { expect, test } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import { reporters } from "../../src/reporters/reporters.ts";
import { fakeReport } from "../support/fake-report.ts";
import { fakeRun, streamed } from "../support/fake-run.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";

test("reporters write bare file names, each once", () => {
  const paths = [...reporters.values()].flatMap((reporter) =>
    reporter(fakeReport()).map(({ path }) => path),
  );
  expect(paths.toSorted()).toEqual([
    "junit.xml",
    "report.html",
    "report.json",
    "report.md",
    "trials.csv",
  ]);
});

test.each([...reporters])(
  "the %s reporter gives the same bytes for the same report",
  (_, reporter) => {
    for (const make of [fakeReport, hostileReport, emptyReport]) {
      expect(reporter(make())).toEqual(reporter(make()));
    }
  },
);

test("report.json is the report itself, so that every other format can be made from it again", () => {
  const [file] = reporters.get("json")?.(fakeReport()) ?? [];
  expect(JSON.parse(file?.content ?? "")).toEqual(fakeReport());
});

test.each([...reporters])(
  "the %s reporter shows a real analysis without NaN or undefined",
  async (_, reporter) => {
    const { plan, records, samples } = fakeRun({ trials: 4 });
    const report = await analyse({ plan, records, samples: streamed(samples) });
    for (const { content } of reporter(report)) {
      expect(content).not.toMatch(/\bNaN\b|\bundefined\b|\bInfinity\b|\[object/u);
    }
  },
);
