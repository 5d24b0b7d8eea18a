import { describe, expect, it } from "vitest";
import { inMs } from "../../../src/base/time.ts";
import type { ManagerStatus } from "../../../src/clients/proxmox/replies.ts";
import { managerStatus } from "../../../src/clients/proxmox/replies.ts";
import { writeLag } from "../../../src/clusters/proxmox/write-lag.ts";
import { ACTIVE_LRM_LOOP, ACTIVE_LRM_WRITES_AFTER } from "../../../src/twin/proxmox/standing.ts";
import { recorded } from "./recorded.ts";

interface Service {
  readonly state: string;
  readonly running?: number;
  readonly node?: string;
}

const running: Service = { state: "started", running: 1 };

const many = (count: number, node = "pve2"): readonly Service[] =>
  Array.from({ length: count }, () => ({ ...running, node }));

function status(stamp: number, uids: readonly string[], services: readonly Service[]) {
  return managerStatus.parse({
    manager_status: {
      service_status: Object.fromEntries(
        services.map((service, index) => [`vm:${100 + index}`, { node: "pve2", ...service }]),
      ),
    },
    lrm_status: {
      pve2: { timestamp: stamp, results: Object.fromEntries(uids.map((uid) => [uid, {}])) },
    },
  });
}

const lagOf = (before: ManagerStatus | null, after: ManagerStatus): readonly number[] => {
  const { low, high } = writeLag("pve2", before, after);
  return [inMs(low), inMs(high)];
};

/** With results before and after the round, of so many services. */
const round = (uids: readonly [before: string, after: string], services: readonly Service[]) =>
  lagOf(status(100, [uids[0]], services), status(110, [uids[1]], services));

describe("writeLag", () => {
  it("is the workers' second where a round brought a result, and the round's own steps", () => {
    expect(round(["a", "b"], [running])).toEqual([1000, 1100]);
  });

  it("is none of it where the results are those of the round before", () => {
    expect(round(["a", "a"], [running])).toEqual([0, 100]);
  });

  it("is a second for every four services, as so many are checked at once", () => {
    expect(round(["a", "b"], many(4))).toEqual([1000, 1100]);
    expect(round(["a", "b"], many(5))).toEqual([1000, 2100]);
    expect(round(["a", "b"], [running, ...many(8, "pve1")])).toEqual([1000, 1100]);
  });

  it("may be long where a service is started, stopped or moved, before or after the look", () => {
    for (const busy of [{ state: "started" }, { state: "request_stop" }, { state: "migrate" }]) {
      expect(round(["a", "b"], [running, busy])).toEqual([1000, 10_100]);
    }
    const started = lagOf(status(100, [], [{ state: "started" }]), status(110, ["a"], [running]));
    expect(started).toEqual([1000, 10_100]);
  });

  it("is open where a service that is stopped is asked for in every round", () => {
    expect(round(["a", "a"], [running, { state: "stopped" }])).toEqual([0, 1100]);
  });

  it("is open where the stamp before was not seen, or more than one round ago", () => {
    expect(lagOf(null, status(110, ["b"], [running]))).toEqual([0, 1100]);
    expect(lagOf(status(100, ["a"], [running]), status(120, ["b"], [running]))).toEqual([0, 1100]);
  });

  it("has results to go by in what a real cluster says", () => {
    const [healthy, later] = ["07", "67"].map((each) => managerStatus.parse(recorded(each)));
    if (healthy === undefined || later === undefined) throw new Error("both were recorded");
    expect(Object.keys(healthy.lrm_status["pv8"]?.results ?? {})).not.toEqual(
      Object.keys(later.lrm_status["pv8"]?.results ?? {}),
    );
  });

  it("holds what the twin takes", () => {
    const [low = 0, high = 0] = round(["a", "b"], [running]);
    expect(inMs(ACTIVE_LRM_WRITES_AFTER)).toBeGreaterThan(low);
    expect(inMs(ACTIVE_LRM_WRITES_AFTER)).toBeLessThan(high);
    expect(inMs(ACTIVE_LRM_LOOP.works)).toBeLessThan(round(["a", "a"], [running])[1] ?? 0);
  });
});
