import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noHooks } from "../../src/model/hooks.ts";
import type { Experiment } from "../../src/model/experiment.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { planTrials } from "../../src/study/order.ts";
import { arm } from "../support/fake-study.ts";

const experiment = (order: Experiment["order"], trials: readonly number[]): Experiment => ({
  file: "x.yaml",
  name: "x",
  title: "x",
  description: "",
  seed: 1,
  order,
  arms: trials.map((count, index) => ({ ...arm, name: `arm${index}`, trials: count })),
  acceptance: { rules: [], min_valid: null },
  hooks: noHooks,
  references: [],
  overrides: [],
});
const slots = (order: Experiment["order"], trials: readonly number[], seed = 1): string[] =>
  planTrials(experiment(order, trials), new SeededRandom(seed)).map(
    (trial) => `${trial.arm}/${trial.repetition}`,
  );

describe("planTrials", () => {
  it("runs arm after arm, or turn by turn", () => {
    expect(slots("sequential", [2, 1])).toEqual(["arm0/1", "arm0/2", "arm1/1"]);
    expect(slots("interleaved", [2, 2])).toEqual(["arm0/1", "arm1/1", "arm0/2", "arm1/2"]);
  });

  it("plans every trial once, in any order, the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
        fc.integer(),
        (trials, seed) => {
          const random = slots("random", trials, seed);
          expect(random.toSorted()).toEqual(slots("sequential", trials, seed).toSorted());
          expect(slots("random", trials, seed)).toEqual(random);
        },
      ),
    );
  });

  it("numbers trials so that their ids sort in the order in which they run", () => {
    const ids = planTrials(experiment("random", [7, 6]), new SeededRandom(3)).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(ids);
  });
});
