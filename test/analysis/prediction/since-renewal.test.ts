import { describe, expect, it } from "vitest";
import { randomOf } from "../../../src/analysis/draws.ts";
import { playKubernetes } from "../../../src/analysis/prediction/play-kubernetes.ts";
import { failoversSinceRenewal } from "../../../src/analysis/prediction/since-renewal.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

const settings = defaultKubernetesSettings;
const SEED = 4;
const random = randomOf(SEED, "failover");
const own = failoversSinceRenewal(settings, 1)(random);

/** So many other questions that nothing is kept of one before. */
function forget(): void {
  for (let grace = 0; grace < 8; grace++)
    failoversSinceRenewal({ ...settings, node_monitor_grace_ms: 41_000 + grace }, 1);
}

/** A failover of a node whose Lease is so old when it dies. */
const played = (age: number) => {
  forget();
  const lease_age = { kind: "within", range_ms: [age, age] } as const;
  const question = { settings, toleration_s: 1, lease_age, starts_ms: [[1000, 2000]] } as const;
  return playKubernetes(question)(random);
};

describe("a failover since the last renewal", () => {
  it("is played once for all who ask with the same settings and randomness", () => {
    expect(failoversSinceRenewal({ ...settings }, 1)(randomOf(SEED, "failover"))).toBe(own);
  });

  it("is the same when it is played again", () => {
    forget();
    const again = failoversSinceRenewal(settings, 1)(random);
    expect(again).not.toBe(own);
    expect(again).toEqual(own);
  });

  it.each([
    ["other randomness", settings, 1, randomOf(SEED + 1, "failover")],
    ["another kind of randomness of the same seed", settings, 1, new SeededRandom(random.seed)],
    ["another toleration", settings, 30, random],
    ["other settings", { ...settings, node_monitor_grace_ms: 20_000 }, 1, random],
  ])("is another one with %s", (_, asked, toleration_s, drawn) => {
    expect(failoversSinceRenewal(asked, toleration_s)(drawn)).not.toEqual(own);
  });

  it("takes the default toleration where the pod has none", () => {
    const { default_toleration_s } = settings;
    const stated = failoversSinceRenewal(settings, default_toleration_s)(random);
    expect(failoversSinceRenewal(settings, null)(random)).toBe(stated);
  });

  it("differs between two ages of the Lease by as much as they do, and in nothing else", () => {
    const [[young], [old]] = [played(1000), played(8000)];
    expect((young?.recovery_ms ?? 0) - (old?.recovery_ms ?? 0)).toBeCloseTo(7000, 6);
    expect(young?.phases_ms.fencing).toBe(old?.phases_ms.fencing);
  });
});
