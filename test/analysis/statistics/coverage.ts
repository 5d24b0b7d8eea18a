import { present } from "../../../src/base/assert.ts";
import { median } from "../../../src/analysis/quantile.ts";
import { shiftInterval } from "../../../src/analysis/statistics/hodges-lehmann.ts";
import { kaplanMeier, quantileInterval } from "../../../src/analysis/statistics/kaplan-meier.ts";
import { medianInterval } from "../../../src/analysis/statistics/median-interval.ts";

/** How often intervals from samples of a known population hold the truth. */
export interface Coverage {
  readonly median: number;
  readonly shift: number;
  /** Of the median, where a tenth of the trials is censored. */
  readonly kaplanMeier: number;
}

const SHIFT = 5000;

interface Samples {
  readonly n: number;
  readonly samples: number;
  readonly draw: () => number;
}

export function coverageOf(population: readonly number[], { n, samples, draw }: Samples): Coverage {
  const truth = median(population);
  const limit = present(
    population.toSorted((a, b) => a - b)[Math.floor(population.length * 0.9)],
    "the limit",
  );
  const sample = (): readonly number[] =>
    Array.from({ length: n }, () =>
      present(population[Math.floor(draw() * population.length)], "a draw"),
    );
  const share = (held: () => boolean): number =>
    Array.from({ length: samples }, held).filter(Boolean).length / samples;
  return {
    median: share(() => holds(medianInterval(sample()), truth)),
    shift: share(() =>
      holds(
        shiftInterval(
          sample().map((value) => value + SHIFT),
          sample(),
        ),
        SHIFT,
      ),
    ),
    kaplanMeier: share(() => {
      const seen = sample().map((time) => ({ time: Math.min(time, limit), seen: time <= limit }));
      return holds(quantileInterval(kaplanMeier(seen), 0.5), truth);
    }),
  };
}

const holds = (
  interval: readonly [low: number | null, high: number | null] | null,
  truth: number,
): boolean => {
  const [low, high] = present(interval, "an interval");
  return (low ?? Number.NEGATIVE_INFINITY) <= truth && truth <= (high ?? Number.POSITIVE_INFINITY);
};

/**
 * Recoveries shaped like those of Proxmox VE: CRM and LRM rounds of 10 s, the boot, and in a third of the trials one round
 * more.
 */
export const likeProxmox = (draw: () => number): number =>
  121_000 + 10_000 * draw() + 5000 * draw() + (draw() < 1 / 3 ? 10_000 : 0);

/** Like those of Kubernetes: the age of the Lease, the monitor's passes, the readiness probe. */
export const likeKubernetes = (draw: () => number): number =>
  35_000 + 10_000 * draw() + 5000 * draw() + 1000 * draw();
