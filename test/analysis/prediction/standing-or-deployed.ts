import { expect } from "vitest";
import { ecdfDistance } from "../../../src/analysis/arm-reference.ts";
import { playKubernetes } from "../../../src/analysis/prediction/play-kubernetes.ts";
import { draws } from "../../../src/analysis/prediction/played.ts";
import { present } from "../../../src/base/assert.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { failover, settingsWith } from "../../twin/kubernetes/failover.ts";

const SEED = 20_261_130;
/** The Kolmogorov-Smirnov distance of two samples of n that one pair in a thousand exceeds, times the root of n / 2. */
const ONE_IN_A_THOUSAND = 1.949;

const steps = ["detection", "fencing", "start", "service", "recovery"] as const;
type Step = (typeof steps)[number];
type Failover = Readonly<Record<Step, number>>;

/** Milliseconds from the last renewal, to the microsecond; the desktop stands as the twin begins. */
function standing(count: number): readonly Failover[] {
  const play = playKubernetes({
    settings: defaultKubernetesSettings,
    toleration_s: 1,
    lease_age: { kind: "within", range_ms: [0, 0] },
    starts_ms: [],
  });
  const random = new SeededRandom(SEED);
  return Array.from({ length: count }, (_, index) => {
    const [one] = play(draws(random, index));
    const { phases_ms, recovery_ms } = present(one, "a failover");
    return rounded({ ...phases_ms, recovery: recovery_ms });
  });
}

/** The same of one that was deployed, had been running for a minute or more, and was killed at any moment. */
const deployed = (count: number): readonly Failover[] =>
  Array.from({ length: count }, (_, index) => {
    const settings = settingsWith({ control_plane_nodes: 0 });
    const { r, unknown, evicted, scheduled, running, recovered } = failover(
      SEED + index,
      settings,
      1,
    );
    return rounded({
      detection: at(unknown) + 1000 * r,
      fencing: at(evicted) - at(unknown),
      start: at(running) - at(scheduled),
      service: at(recovered) - at(running),
      recovery: at(recovered) + 1000 * r,
    });
  });

const at = (seconds: number | null): number => 1000 * present(seconds, "a step");

const rounded = (phases: Readonly<Record<string, number | null>>): Failover => {
  const of = (step: Step): number => Math.round(1000 * (phases[step] ?? Number.NaN)) / 1000;
  return {
    detection: of("detection"),
    fencing: of("fencing"),
    start: of("start"),
    service: of("service"),
    recovery: of("recovery"),
  };
};

/** Phase by phase, failovers from a standing desktop are as long as those of a deployed one. */
export function expectAlike(count: number): void {
  const [some, others] = [standing(count), deployed(count)];
  for (const step of steps) {
    const [a, b] = [some, others].map((all) => all.map((each) => each[step]));
    const distance = ecdfDistance(a ?? [], b ?? []);
    expect(distance, `${step}, seed ${SEED}`).toBeLessThan(
      ONE_IN_A_THOUSAND * Math.sqrt(2 / count),
    );
  }
}
