import { describe, expect, it } from "vitest";
import { predictedRecoveries } from "../../../src/analysis/advice/predicted-recoveries.ts";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { present } from "../../../src/base/assert.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import type { Timing } from "../../../src/model/survey.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { fakeExperiment } from "../../support/fake-experiment.ts";
import { coverageOf } from "./coverage.ts";

const SEED = 11;
const SAMPLES = 5000;
/** Of failovers that the twin plays as the population. */
const PLAYED = 2000;

const timings: Readonly<Record<string, Timing>> = {
  "proxmox-guest": { kind: "proxmox", settings: defaultProxmoxSettings },
  kubernetes: { kind: "kubernetes", settings: defaultKubernetesSettings },
};

function played(name: string): readonly number[] {
  const { arms } = fakeExperiment(1, 1);
  const arm = present(
    arms.find((each) => each.name === name),
    name,
  );
  const timing = present(timings[name], name);
  const values: number[] = [];
  for (let round = 0; values.length < PLAYED; round++) {
    const random = new SeededRandom(SEED).fork(`${name} ${round}`);
    values.push(...present(predictedRecoveries(arm, timing, random), "a prediction"));
  }
  return values;
}

describe("the 95 % intervals, on samples of what the twin predicts", () => {
  it.each(Object.keys(timings))("hold the truth of %s 92 to 98 times in 100", (name) => {
    const population = played(name);
    for (const n of [7, 10, 13, 20]) {
      const draw = drawsOf(SEED, `${name}/${n}`);
      const coverage = coverageOf(population, { n, samples: SAMPLES, draw });
      for (const [interval, held] of Object.entries(coverage)) {
        expect(held, `${interval}, n ${n}, seed ${SEED}`).toBeGreaterThanOrEqual(0.92);
        expect(held, `${interval}, n ${n}, seed ${SEED}`).toBeLessThanOrEqual(0.98);
      }
    }
  });
});
