import * as fc from "fast-check";
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

/** Of an active LRM (facts/proxmox-ve.md 7), and of the few that whole seconds make a second shorter. */
const USUAL_ROUND_MS = 10_038;
const SHORT_ROUND_MS = 9038;

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

  it("begins anew when the next round was due in between, which may be one of those that are a second shorter", () => {
    const read = [8000, 9500] as const;
    const [low, high] = age(read, 4000) ?? [];
    expect(low).toBeLessThanOrEqual(12_000 - USUAL_ROUND_MS);
    expect(low).toBeGreaterThan(1800);
    expect(high).toBeGreaterThanOrEqual(13_500 - SHORT_ROUND_MS);
    expect(high).toBeLessThan(4600);
  });

  it("may be any of a round where it is not known on which side of a renewal the fault fell", () => {
    const [low, high] = age([8000, 9500], 1000) ?? [];
    expect(low).toBe(0);
    expect(high).toBeGreaterThanOrEqual(USUAL_ROUND_MS);
    expect(high).toBeLessThan(10_200);
  });

  it("holds the truth for rounds of either length, whenever it was read and however long before the fault", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(USUAL_ROUND_MS, SHORT_ROUND_MS), { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 0, max: 25_000 }),
        fc.integer({ min: 0, max: 1000 }),
        (rounds, read, later_ms, doubt) => {
          let last = -read;
          for (const round of rounds) if (last + round <= later_ms) last += round;
          const [low, high] = age([read - doubt, read + 1000 - doubt], later_ms) ?? [0, 0];
          expect(low).toBeLessThanOrEqual(later_ms - last);
          expect(high).toBeGreaterThanOrEqual(later_ms - last);
        },
      ),
      { seed: 20_261_130 },
    );
  });
});
