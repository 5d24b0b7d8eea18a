import { expect, it } from "vitest";
import { playKubernetes } from "../../../src/analysis/prediction/play-kubernetes.ts";
import { defaultKubernetesSettings as settings } from "../../../src/model/kubernetes-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { expectAlike } from "./standing-or-deployed.ts";

const play = (range_ms: readonly [number, number]) =>
  playKubernetes({
    settings,
    toleration_s: 1,
    lease_age: { kind: "within", range_ms },
    starts_ms: [],
  })(new SeededRandom(1));

it("a desktop that stands fails over as one that was deployed, phase by phase", () => {
  expectAlike(300);
});

it("a failover is played once where all is known, and at both ends of what is known as a range", () => {
  expect(play([2000, 2000])).toHaveLength(1);
  const [early, late] = play([1000, 2000]);
  expect((late?.recovery_ms ?? 0) - (early?.recovery_ms ?? 0)).toBeCloseTo(1000, 6);
});
