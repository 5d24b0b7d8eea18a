import { describe, expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import type { Mode } from "../../clients/kubernetes/virtual-api.ts";
import type { Scene } from "./observed-cluster.ts";
import { gapsOf, observedCluster, setReady } from "./observed-cluster.ts";

/** A server in use dies then, and every so often later, so that it happens at every point between two pulses. */
const DIES_MS = 3000;
const phases = [0, 90, 170, 260, 340, 440];
/** The promise: what happens in the blind moment is told within a second. */
const PROMISE_MS = 1000;
/** Below the way that an answer takes. */
const RIGHT_AFTER_MS = 1;

const serverIn = (scene: Scene, index: number) => present(scene.servers[index], "a server");

/** `die` at its time, and the victim's loss right after it; what came of it. */
async function lossAfter(
  scene: Scene,
  phase: number,
  die: () => void,
): Promise<{ toldAfterMs: number; lost: readonly (readonly [number, number])[] }> {
  const died = DIES_MS + phase;
  scene.after(milliseconds(died), die);
  scene.after(milliseconds(died + RIGHT_AFTER_MS), () => setReady(scene.api, "w1", "Unknown"));
  await scene.observe(seconds(6));
  const lost = scene.events.filter(({ kind }) => kind === "node-lost");
  return {
    toldAfterMs: (scene.toldAt[scene.events.findIndex((each) => each === lost[0])] ?? NaN) - died,
    lost: lost.map(({ observed_ms }) => observed_ms),
  };
}

describe("observeDesktop, when the API server in use", () => {
  const ways: readonly (readonly [string, Mode])[] = [
    ["is silent: power, a cut cable, a hung process", "silent"],
    ["is gone: its process was killed, its port refuses", "refusing"],
    ["answers while its open watches tell nothing more", "deaf"],
    ["lives without its store: etcd beside it died", "headless"],
  ];
  test.each(ways)("%s, tells what happened meanwhile within a second", async (_what, mode) => {
    for (const phase of phases) {
      const scene = observedCluster(2);
      const { toldAfterMs, lost } = await lossAfter(scene, phase, () =>
        scene.api.set(serverIn(scene, 0), mode),
      );
      expect(toldAfterMs).toBeLessThan(PROMISE_MS);
      expect(lost).toHaveLength(1);
      const [[earliest, latest] = [NaN, NaN]] = lost;
      const happened = DIES_MS + phase + RIGHT_AFTER_MS;
      expect(earliest).toBeLessThanOrEqual(happened);
      expect(latest).toBeGreaterThanOrEqual(happened);
      // The doubt begins where nothing can have been missed yet, and not at the beginning of time.
      expect(earliest).toBeGreaterThan(happened - PROMISE_MS);
      const covering = gapsOf(scene.events).filter(
        ({ observed_ms: [from, to] }) => from <= happened && to >= happened,
      );
      expect(covering).not.toEqual([]);
    }
  });

  test("dies together with the next one, moves to the third within a second", async () => {
    for (const phase of phases) {
      const scene = observedCluster(3);
      const { toldAfterMs } = await lossAfter(scene, phase, () => {
        scene.api.set(serverIn(scene, 0), "silent");
        scene.api.set(serverIn(scene, 1), "silent");
      });
      expect(toldAfterMs).toBeLessThan(PROMISE_MS);
    }
  });

  test("is a balancer whose backend dies under open watches, tells it through the same address", async () => {
    const scene = observedCluster(1);
    const { toldAfterMs } = await lossAfter(scene, 0, () =>
      scene.api.set(serverIn(scene, 0), "deaf"),
    );
    expect(toldAfterMs).toBeLessThan(PROMISE_MS);
  });

  test("is on the victim and left before the kill, has no gap", async () => {
    const scene = observedCluster(2, { nodesKnown: true });
    scene.after(milliseconds(DIES_MS - 500), () => scene.connection.avoid("cp1"));
    const { toldAfterMs } = await lossAfter(scene, 0, () =>
      scene.api.set(serverIn(scene, 0), "silent"),
    );
    expect(toldAfterMs).toBeLessThan(50);
    expect(gapsOf(scene.events)).toEqual([]);
    expect(scene.api.callsAfter(milliseconds(DIES_MS)).join()).not.toContain("cp1");
  });
});

describe("observeDesktop, while servers live,", () => {
  test("has no gap on a server that needs 300 ms, and stays with it", async () => {
    const scene = observedCluster(2);
    for (const server of scene.servers) scene.api.slow(server, milliseconds(300));
    await scene.observe(seconds(60));
    expect(scene.events).toEqual([]);
    expect(watchesOf(scene)).toBe(4);
  });

  test("does not give up servers that all need a second, one for the other, again and again", async () => {
    const scene = observedCluster(2);
    scene.after(seconds(5), () => {
      for (const server of scene.servers) scene.api.slow(server, seconds(1));
    });
    scene.after(seconds(50), () => setReady(scene.api, "w1", "Unknown"));
    await scene.observe(seconds(60));
    expect(scene.events.map(({ kind }) => kind)).toContain("node-lost");
    // Three watches that tell; each server is given up once.
    expect(gapsOf(scene.events).length).toBeLessThanOrEqual(2 * 3);
  });

  test("asks a handful of short questions a second", async () => {
    const scene = observedCluster(3);
    await scene.observe(seconds(10));
    const perSecond = (pattern: RegExp): number =>
      scene.api.calls.filter((call) => pattern.test(call)).length / 10;
    expect(perSecond(/cp1 \/version/u)).toBeLessThanOrEqual(5);
    expect(perSecond(/(?:nodes|pods|endpointslices)/u)).toBeLessThanOrEqual(11);
  });
});

const watchesOf = (scene: Scene): number =>
  scene.api.calls.filter((call) => call.includes("watch=true")).length;
