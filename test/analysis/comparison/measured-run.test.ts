import { describe, expect, it } from "vitest";
import { analyse } from "../../../src/analysis/analyse.ts";
import { makeBaseline } from "../../../src/analysis/comparison/make-baseline.ts";
import { measuredRun } from "../../../src/analysis/measured-run.ts";
import { fakeRun, streamed } from "../../support/fake-run.ts";

describe("measuredRun", () => {
  it("makes the same baseline as the run's report, without what a report says besides", async () => {
    const { plan, records, samples } = fakeRun({ trials: 6 });
    const measured = await measuredRun({ plan, records, samples: streamed(samples) });
    const report = await analyse({ plan, records, samples: streamed(samples) });
    expect(makeBaseline(measured)).toEqual(makeBaseline(report));
    for (const trial of measured.trials) {
      expect(trial).not.toHaveProperty("prediction");
      expect(trial).not.toHaveProperty("explanation");
    }
  });

  it("refuses samples of another run, as a report does", async () => {
    const { plan, records } = fakeRun({ trials: 1 });
    const [stranger] = fakeRun({ trials: 1 }).samples;
    if (stranger === undefined) throw new Error("a run has samples");
    const samples = streamed([{ ...stranger, trial: "999-other-1" }]);
    await expect(measuredRun({ plan, records, samples })).rejects.toThrow(
      /the journal knows no trial 999-other-1/u,
    );
  });
});
