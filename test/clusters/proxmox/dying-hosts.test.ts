import { describe, expect, test } from "vitest";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import type { Mode } from "./observed-cluster.ts";
import { gapsOf, ObservedCluster } from "./observed-cluster.ts";

/** The host in use dies then, and every so often later, so that it happens at every point between two looks. */
const DIES_MS = 3000;
const phases = [0, 15, 120, 260, 400, 510, 640, 760, 890, 990];
/** The promise: what happens in the blind moment is told within a second. */
const PROMISE_MS = 1000;
const RIGHT_AFTER_MS = 1;

/** `die` at its time and the victim's loss right after it; when that was told, and the span. */
async function lossAfter(
  cluster: ObservedCluster,
  phase: number,
  die: () => void,
): Promise<{ toldAfterMs: number; spans: readonly (readonly [number, number])[] }> {
  const died = DIES_MS + phase;
  cluster.after(died, die);
  cluster.after(died + RIGHT_AFTER_MS, () => cluster.offline.add("pv9"));
  await cluster.observe(seconds(8));
  const lost = cluster.events.filter(({ kind }) => kind === "membership-lost");
  const told = cluster.toldAt[cluster.events.findIndex((each) => each === lost[0])] ?? NaN;
  return { toldAfterMs: told - died, spans: lost.map(({ observed_ms }) => observed_ms) };
}

describe("observe, when the API host in use", () => {
  const ways: readonly (readonly [string, Mode])[] = [
    ["is silent: power, a cut cable, a hung process", "silent"],
    ["is gone: its process was killed, its port refuses", "refusing"],
    ["falls out of the quorum, and takes everybody else for dead", "outside"],
  ];
  test.each(ways)("%s, tells what happened meanwhile within a second", async (_what, mode) => {
    for (const phase of phases) {
      const cluster = new ObservedCluster();
      const { toldAfterMs, spans } = await lossAfter(cluster, phase, () =>
        cluster.modes.set("pv7", mode),
      );
      // A look that shows nothing is due a second after the last one, and a host outside is found out by it.
      expect(toldAfterMs).toBeLessThan(mode === "outside" ? PROMISE_MS + 50 : PROMISE_MS);
      expect(spans).toHaveLength(1);
      const [[earliest, latest] = [NaN, NaN]] = spans;
      const happened = DIES_MS + phase + RIGHT_AFTER_MS;
      expect(earliest).toBeLessThanOrEqual(happened);
      expect(latest).toBeGreaterThanOrEqual(happened);
      expect(latest - earliest).toBeLessThan(2 * PROMISE_MS);
      const kinds = cluster.events.map(({ kind }) => kind);
      expect(kinds).toEqual(["observation-gap", "membership-lost"]);
      expect(gapsOf(cluster.events)[0]?.observed_ms).toEqual([earliest, latest]);
    }
  });

  test("lives, but cannot read the cluster's files, is joined by the next one", async () => {
    const cluster = new ObservedCluster();
    const { toldAfterMs } = await lossAfter(cluster, 15, () => cluster.modes.set("pv7", "stuck"));
    // Nothing tells before the next look is due; half a second later the next host is asked.
    expect(toldAfterMs).toBeLessThan(PROMISE_MS + 600);
  });

  test("is on the victim and left before the kill, has no gap", async () => {
    const cluster = new ObservedCluster();
    cluster.modes.set("pv7", "refusing");
    cluster.modes.set("pv8", "refusing");
    cluster.after(1500, () => cluster.modes.set("pv7", "well"));
    cluster.after(DIES_MS - 500, () => cluster.api.avoid("pv9"));
    await lossAfter(cluster, 15, () => cluster.modes.set("pv9", "silent"));
    const later = cluster.events.filter((_event, index) => (cluster.toldAt[index] ?? 0) > 2000);
    expect(later.map(({ kind }) => kind)).toEqual(["membership-lost"]);
  });

  test("is the only one and all are away, is found again within a second after it came back", async () => {
    const cluster = new ObservedCluster();
    const all = ["pv7", "pv8", "pv9"] as const;
    cluster.after(2000, () => all.forEach((host) => cluster.modes.set(host, "silent")));
    const { toldAfterMs } = await lossAfter(cluster, 2000, () => cluster.modes.set("pv8", "well"));
    expect(toldAfterMs).toBeLessThan(1500);
  });
});

describe("observe, while hosts live,", () => {
  test.each([100, 300, 450])("has no gap and stays when all need %i ms", async (delay) => {
    const cluster = new ObservedCluster();
    for (const host of ["pv7", "pv8", "pv9"] as const) {
      cluster.delays.set(host, milliseconds(delay));
    }
    await cluster.observe(seconds(60));
    const first = cluster.api.calls.filter((call) => call.startsWith("pv7"));
    expect(gapsOf(cluster.events).length).toBeLessThanOrEqual(delay > 400 ? 3 : 0);
    expect(first.length).toBeGreaterThanOrEqual(delay > 400 ? 1 : cluster.api.calls.length);
  });

  test("does not go from host to host again and again when all need 900 ms", async () => {
    const cluster = new ObservedCluster();
    for (const host of ["pv7", "pv8", "pv9"] as const) {
      cluster.delays.set(host, milliseconds(900));
    }
    await cluster.observe(seconds(120));
    expect(gapsOf(cluster.events).length).toBeLessThanOrEqual(9);
  });

  test("believes hosts outside the quorum when there are no others", async () => {
    const cluster = new ObservedCluster();
    cluster.after(2000, () => {
      for (const host of ["pv7", "pv8", "pv9"] as const) cluster.modes.set(host, "outside");
    });
    await cluster.observe(seconds(5));
    expect(cluster.events.map(({ kind }) => kind)).toContain("other-node-lost");
  });
});
