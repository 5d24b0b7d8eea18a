import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { prometheus } from "../../../src/reporters/prometheus.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { filesOf, inputFor } from "../../support/report-input.ts";
import { requires } from "../../support/requires.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";

const needed = requires({ promtool: "prometheus" });

describe.skipIf(needed.skip)(`metrics.prom${needed.note}`, () => {
  it.each([
    ["a run", fakeReport],
    ["one without trials", emptyReport],
    ["one of nothing but hostile words", hostileReport],
  ])("of %s pleases promtool", async (_, make) => {
    const [file] = await filesOf(prometheus, inputFor(make()));
    const input = file?.bytes;
    expect(
      execFileSync("sh", ["-c", "promtool check metrics 2>&1"], { input, encoding: "utf8" }),
    ).toBe("");
  });
});
