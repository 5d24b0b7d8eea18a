import { describe, expect, it } from "vitest";
import { makeBaseline } from "../../../src/analysis/comparison/make-baseline.ts";
import { jsonText } from "../../../src/base/json-text.ts";
import { parseBaseline } from "../../../src/config/baseline/parse-baseline.ts";
import { fakeReport } from "../../support/fake-report.ts";

const baseline = makeBaseline(fakeReport());
const text = jsonText(baseline);

describe("parseBaseline", () => {
  it("reads what was written", () => {
    expect(parseBaseline(text, "baseline.json")).toEqual(baseline);
  });

  it.each([
    ['"format": 1', '"format": 2', "baseline.json:2:13: format: 2 is not known; allowed: 1"],
    ['"without_result"', '"without"', 'arms[0].without: "without" is not a known key'],
    [
      /"values_ms": \[\s*\[\s*\d+,/u,
      '"values_ms": [[99999999,',
      "arms[0].measures.recovery.values_ms[0]: must be [low, high], and low is above high",
    ],
    ['"tool": "0.1.0"', '"tool": 1', "baseline.json:6:11: tool: must be a text, is 1"],
    ["}", "", "baseline.json"],
  ])("names file, place and field of what is wrong: %s", (from, to, message) => {
    expect(() => parseBaseline(text.replace(from, to), "baseline.json")).toThrow(message);
  });

  it("says of another file that it is none", () => {
    expect(() => parseBaseline(jsonText(fakeReport()), "report.json")).toThrow(
      /report\.json:1:1: kind: is missing; allowed: blackout-baseline/u,
    );
  });
});
