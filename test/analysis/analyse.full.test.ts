import { describe, expect, it } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { FakeRun } from "../support/fake-run.ts";
import { fakeRun } from "../support/fake-run.ts";

const MB = 2 ** 20;
const SAMPLES_PER_TRIAL = 2000;

describe("analyse", () => {
  it("takes a thousand trials and two million samples with the memory of one trial's", async () => {
    const run = fakeRun({ trials: 334, fate: () => "not-steady" });
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const samples = fabricated(run, () => {
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    });
    const report = await analyse({ ...run, samples });
    expect(report.trials).toHaveLength(1002);
    expect(report.trials.every((trial) => trial.samples.good === SAMPLES_PER_TRIAL)).toBe(true);
    // All samples held together are more than 400 MB; what is collected late is allowed for.
    expect(most).toBeLessThan(150 * MB);
  });
});

async function* fabricated(run: FakeRun, onTrial: () => void): AsyncGenerator<Sample> {
  for (const { id } of run.plan.trials) {
    await Promise.resolve();
    onTrial();
    for (let seq = 0; seq < SAMPLES_PER_TRIAL; seq++) {
      const at = seq * 250 + 0.5;
      yield {
        seq,
        trial: id,
        target: "desktop",
        scheduled_ms: at,
        started_ms: at,
        ended_ms: at + 20,
        result: { kind: "good", instance: id },
      };
    }
  }
}
