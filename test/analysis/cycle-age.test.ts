import { describe, expect, it } from "vitest";
import { cycleAge } from "../../src/analysis/cycle-age.ts";
import type { SpanMs } from "../../src/base/interval.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../../src/model/cluster-facts.ts";

const timers: ClusterTimers = {
  kind: "kubernetes",
  lease_age_ms: [9900, 9950],
  node_monitor_period_ms: 5000,
  node_monitor_grace_ms: 40_000,
  toleration_s: 1,
  start_ms: null,
  at_ms: [100_000, 100_000],
};
const fault: SpanMs = [100_100, 100_250];

const renewed = (observed_ms: SpanMs): ControlPlaneEvent => ({
  kind: "lease-renewed",
  observed_ms,
  node: "w1",
  instance: null,
  stamp: null,
  source: "watch",
  raw: {},
});

describe("the age of the cycle at the fault", () => {
  it("is what it was when the timers were read, and the time since then", () => {
    const age = cycleAge(timers, [], fault);
    expect(age).toEqual({ of: "lease", age_ms: [10_000, 10_200] });
  });

  it("is counted from a renewal that came before the victim died", () => {
    const events = [renewed([90_060, 90_100]), renewed([100_050, 100_080])];
    expect(cycleAge(timers, events, fault)?.age_ms).toEqual([20, 200]);
  });

  it("is counted from one that reached the API server as the victim died, and is never negative", () => {
    expect(cycleAge(timers, [renewed([100_200, 100_300])], fault)?.age_ms).toEqual([0, 50]);
  });

  it("knows nothing of renewals after the victim's return", () => {
    const age = cycleAge(timers, [renewed([160_000, 160_100])], fault);
    expect(age?.age_ms).toEqual([10_000, 10_200]);
  });

  it("is unknown where nothing was read, or nothing died", () => {
    expect(cycleAge({ ...timers, lease_age_ms: null }, [], fault)).toBeNull();
    expect(cycleAge(null, [], fault)).toBeNull();
    expect(cycleAge(timers, [], null)).toBeNull();
  });
});

const lock = (lock_age_ms: SpanMs): ClusterTimers => ({
  kind: "proxmox",
  master: "pve1",
  victim_is_master: false,
  lock_age_ms,
  crm_age_ms: null,
  lrm_states: {},
  nodes: 3,
  token_ms: 3000,
  token_coefficient_ms: 650,
  at_ms: [100_000, 100_000],
});
const age = (read: SpanMs, later_ms: number) =>
  cycleAge(lock(read), [], [100_000 + later_ms, 100_000 + later_ms])?.age_ms;

describe("the age of the agent lock at the fault, whose renewals nobody sees", () => {
  it("grows while the round lasts", () => {
    expect(age([2000, 3500], 0)).toEqual([2000, 3500]);
    expect(age([2000, 3500], 4000)).toEqual([6000, 7500]);
  });

  it("begins anew when the next round was due in between", () => {
    expect(age([8000, 9500], 4000)).toEqual([1962, 3462]);
  });

  it("at the reading was no more than a round and what it takes to show, so that it is known better afterwards", () => {
    expect(age([9500, 11_500], 2000)).toEqual([1462, 3100]);
  });

  it("may be any where it is not known on which side of a renewal the fault fell", () => {
    expect(age([8000, 9500], 1000)).toEqual([0, 10_038]);
  });
});
