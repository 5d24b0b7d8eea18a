import { describe, expect, it } from "vitest";
import type { KnownOfTrial } from "../../../src/analysis/prediction/predict-trial.ts";
import { playTrial, predictTrial } from "../../../src/analysis/prediction/predict-trial.ts";
import type { RangeMs } from "../../../src/base/interval.ts";
import type { ClusterTimers } from "../../../src/model/cluster-facts.ts";
import { MOST_STARTS } from "../../../src/model/cluster-facts.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { arm } from "../../support/fake-study.ts";
import { kubernetesTimers } from "./timers.ts";
import { pod } from "./truth.ts";

type ProxmoxTimers = Extract<ClusterTimers, { readonly kind: "proxmox" }>;

const idle = "wait_for_agent_lock";
const timers: ProxmoxTimers = {
  kind: "proxmox",
  master: "pve1",
  victim_is_master: false,
  lock_age_ms: [6000, 6000],
  crm_age_ms: [5000, 5000],
  lrm_states: { pve1: idle, pve2: idle, pve3: "active" },
  lrm_ages_ms: { pve1: [1000, 1000], pve2: [2000, 2000] },
  nodes: 3,
  token_ms: 3000,
  token_coefficient_ms: 650,
  at_ms: [0, 0],
};

const knownWith = (changes: Partial<ProxmoxTimers>): KnownOfTrial => ({
  timing: { kind: "proxmox", settings: defaultProxmoxSettings },
  desktop: arm.desktop,
  fault: { kind: "power", action: "off", over: "ipmi" },
  victim: "pve3",
  timers: { ...timers, ...changes },
  events: [],
  killed: [0, 0],
});

const predicted = (changes: Partial<ProxmoxTimers>) =>
  predictTrial(knownWith(changes), new SeededRandom(1), 40);

describe("a trial's prediction on Proxmox VE", () => {
  it("goes to the node with the fewest services, and to the first by name of those that have as many", () => {
    const lrm_states = { pve1: "active", pve2: idle, pve3: "active" };
    const busyFirst = predicted({ lrm_states, lrm_services: { pve1: 2, pve3: 1 } });
    // As if the busy one came last by its name.
    const busyLast = predicted({
      lrm_states: { pve2: idle, pve9: "active", pve3: "active" },
      lrm_ages_ms: { pve2: [2000, 2000], pve9: [1000, 1000] },
      lrm_services: { pve9: 2, pve3: 1 },
    });
    expect(busyFirst).toEqual(busyLast);
    expect(predicted({ lrm_states })).not.toEqual(busyFirst);
    const asMany = { lrm_states: { pve1: idle, pve2: idle, pve3: "active" } };
    expect(predicted({ ...asMany, lrm_services: { pve3: 1 } })).toEqual(predicted(asMany));
  });

  it("is a second later where the node that it goes to was fenced before, and not for the other's sake", () => {
    const usual = predicted({});
    const other = predicted({ fenced_nodes: ["pve2"] });
    const target = predicted({ fenced_nodes: ["pve1"] });
    expect(other).toEqual(usual);
    const later = (target?.recovery_median_ms ?? 0) - (usual?.recovery_median_ms ?? 0);
    expect(later).toBeGreaterThan(950);
    expect(later).toBeLessThan(1100);
  });

  it("is none of two nodes, and says why", () => {
    const two = knownWith({ nodes: 2, lrm_states: { pve1: idle, pve3: "active" } });
    expect(playTrial(two)).toContain("only by a QDevice");
    expect(predictTrial(two, new SeededRandom(1))).toBeNull();
  });
});

const lately = Array.from({ length: MOST_STARTS }, (): RangeMs => [3000, 3000]);
const predictedFrom = (starts_ms: readonly RangeMs[]) =>
  predictTrial(
    {
      ...knownWith({}),
      timing: { kind: "kubernetes", settings: defaultKubernetesSettings },
      desktop: pod,
      timers: kubernetesTimers({
        seed: 1,
        settings: defaultKubernetesSettings,
        now: 0,
        leaseAge: 5,
        starts_ms,
      }),
    },
    new SeededRandom(1),
    40,
  );

describe("a trial's prediction on Kubernetes", () => {
  it("rests on the latest starts alone, also where an old journal has all of a long run", () => {
    const early = Array.from({ length: 100 }, (): RangeMs => [9000, 9000]);
    expect(predictedFrom([...early, ...lately])).toEqual(predictedFrom(lately));
    expect(predictedFrom([...lately, ...early])).not.toEqual(predictedFrom(lately));
  });
});
