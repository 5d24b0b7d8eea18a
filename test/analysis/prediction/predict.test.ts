import { describe, expect, it } from "vitest";
import type { KubernetesQuestion } from "../../../src/analysis/prediction/play-kubernetes.ts";
import { playKubernetes } from "../../../src/analysis/prediction/play-kubernetes.ts";
import { anyTime, playProxmox } from "../../../src/analysis/prediction/play-proxmox.ts";
import { predict } from "../../../src/analysis/prediction/played.ts";
import { present } from "../../../src/base/assert.ts";
import type { Prediction } from "../../../src/model/prediction.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

const SEED = 20_261_124;
const random = new SeededRandom(SEED);
const settings = defaultKubernetesSettings;

const predictKubernetes = (question: KubernetesQuestion, failovers = 300) =>
  predict(playKubernetes(question), random, failovers);
const predictProxmox = (master: boolean) =>
  predict(playProxmox({ ...anyTime, settings: defaultProxmoxSettings, master }), random, 200);

/** Known between two looks, half a second apart. */
const START_MS = [2200, 2600] as const;

const ask = (
  lease_age_ms: readonly [number, number] | null,
  starts_ms: KubernetesQuestion["starts_ms"] = [START_MS],
) =>
  predictKubernetes({
    settings,
    toleration_s: 1,
    lease_age:
      lease_age_ms === null
        ? { kind: "any", range_ms: null }
        : { kind: "within", range_ms: lease_age_ms },
    starts_ms,
  });

const spread = ({ recovery_ms }: Prediction): number => recovery_ms[1] - recovery_ms[0];

/** The closed forms of facts/kubernetes.md 1 and facts/proxmox-ve.md 1.4, in milliseconds. */
describe(`predictions (seed ${SEED})`, () => {
  it("of Kubernetes lie in -r + d + grace + period + toleration + start, and fill it", () => {
    const { recovery_ms, phases_ms } = ask([4000, 4000]);
    expect(phases_ms.detection?.[0]).toBeGreaterThan(36_000);
    expect(phases_ms.detection?.[1]).toBeLessThan(41_200);
    // The only start that was seen may have been a cold one: the next may take half the time.
    expect(recovery_ms[0]).toBeGreaterThan(43_000);
    expect(recovery_ms[0]).toBeLessThan(43_800);
    expect(recovery_ms[1]).toBeLessThan(50_000);
    expect(recovery_ms[1]).toBeGreaterThan(49_200);
    // One monitor period, and what the start leaves open.
    expect(recovery_ms[1] - recovery_ms[0]).toBeLessThan(5000 + 2000);
  });

  it("of Kubernetes move with the Lease's age, and widen with its doubt", () => {
    const young = ask([1000, 1000]);
    const old = ask([9000, 9000]);
    const unknown = ask(null);
    expect(young.recovery_median_ms - old.recovery_median_ms).toBeCloseTo(8000, -3);
    expect(unknown.recovery_ms[1] - unknown.recovery_ms[0]).toBeGreaterThan(11_500);
  });

  it("of Kubernetes take the median of all starts, and are the narrower the more there are", () => {
    const one = ask([4000, 4000]);
    const five = ask([4000, 4000], [[8000, 9000], START_MS, START_MS, START_MS, START_MS]);
    expect(spread(five)).toBeLessThan(spread(one) - 500);
    expect(five.recovery_ms[0]).toBeGreaterThan(44_000);
    expect(five.recovery_ms[1]).toBeLessThan(50_000);
  });

  it("of Kubernetes wait for the cluster's default toleration where the pod has none", () => {
    const question = {
      settings,
      lease_age: { kind: "within", range_ms: [0, 0] } as const,
      starts_ms: [],
    };
    const own = predictKubernetes({ ...question, toleration_s: 1 }, 50);
    const byDefault = predictKubernetes({ ...question, toleration_s: null }, 50);
    expect(byDefault.recovery_median_ms - own.recovery_median_ms).toBeCloseTo(299_000, -3);
  });

  it("of Kubernetes leave open when the readiness probe comes, within its second, where no start was measured", () => {
    const { container_start_ms, desktop_start_ms, endpoint_propagation_ms } = settings.assumed;
    const { phases_ms } = predictKubernetes({
      settings,
      toleration_s: 1,
      lease_age: { kind: "within", range_ms: [0, 0] },
      starts_ms: [],
    });
    const [low, high] = present(phases_ms.service, "the service's range");
    const soonest = desktop_start_ms + endpoint_propagation_ms;
    expect(low).toBeGreaterThanOrEqual(soonest);
    expect(low).toBeLessThan(soonest + 100);
    expect(high).toBeGreaterThan(soonest + 900);
    expect(high).toBeLessThanOrEqual(soonest + 1000);
    expect(phases_ms.start).toEqual([container_start_ms, container_start_ms]);
  });

  it("of Proxmox VE lie where the lock protocol puts them, 45 s later for the master", () => {
    const boot = defaultProxmoxSettings.assumed.guest_boot_ms;
    const worker = predictProxmox(false);
    const master = predictProxmox(true);
    expect(worker.recovery_ms[0]).toBeGreaterThan(120_000 + boot);
    expect(worker.recovery_ms[1]).toBeLessThan(150_000 + boot);
    expect(master.recovery_ms[0]).toBeGreaterThan(171_000 + boot);
    expect(master.recovery_ms[1]).toBeLessThan(193_000 + boot);
  });
});
