import { expect, test } from "vitest";
import { instantInMs, milliseconds, seconds } from "../../../src/base/time.ts";
import type { Scene } from "./observed-cluster.ts";
import { gapsOf, observedCluster, setReady } from "./observed-cluster.ts";

const NODES = "/api/v1/nodes";

/** No API promises a number there. */
const spoil = ({ api }: Scene, name: string): void =>
  api.put(NODES, name, { status: { conditions: 7 } });

test("an object that cannot be read is a gap, and the others are followed on", async () => {
  const scene = observedCluster(1);
  scene.after(seconds(2), () => spoil(scene, "w2"));
  scene.after(seconds(3), () => setReady(scene.api, "w1", "Unknown"));
  await scene.observe(seconds(5));
  expect(scene.events.map(({ kind, node }) => [kind, node])).toEqual([
    ["observation-gap", null],
    ["node-lost", "w1"],
  ]);
  expect(gapsOf(scene.events)[0]?.raw).toMatchObject({ why: expect.stringMatching(/conditions/u) });
});

test("an object that cannot be read in the list after a lost watch is not told as gone", async () => {
  const scene = observedCluster(2);
  const [first] = scene.servers;
  scene.after(seconds(2), () => {
    if (first !== undefined) scene.api.set(first, "refusing");
    spoil(scene, "w1");
  });
  await scene.observe(seconds(5));
  expect(new Set(scene.events.map(({ kind }) => kind))).toEqual(new Set(["observation-gap"]));
});

test("a server of which nothing can be read is one gap a second and list, whose spans leave nothing out", async () => {
  const scene = observedCluster(1);
  const last = { at: 0 };
  for (let ms = 2000; ms < 8000; ms += 10) {
    scene.after(milliseconds(ms), () => {
      for (const name of ["w1", "w2", "w3"]) spoil(scene, name);
      last.at = instantInMs(scene.clock.now());
    });
  }
  await scene.observe(seconds(10));
  const gaps = gapsOf(scene.events);
  expect(gaps.length).toBeGreaterThanOrEqual(6);
  expect(gaps.length).toBeLessThanOrEqual(8);
  const pauses = scene.toldAt.slice(1, -1).map((at, index) => at - (scene.toldAt[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1000);
  const [first, second] = gaps;
  expect(first?.observed_ms[1]).toBeLessThan(2100);
  expect(second?.raw).toMatchObject({
    why: expect.stringMatching(/conditions.*\(and \d{3} more\)/u),
  });
  // Each begins where the one before it ended, or earlier; the last is told when observing ends.
  for (const [index, gap] of gaps.slice(1).entries()) {
    expect(gap.observed_ms[0]).toBeLessThanOrEqual((gaps[index]?.observed_ms[1] ?? 0) + 10);
  }
  expect(gaps.at(-1)?.observed_ms[1]).toBeGreaterThanOrEqual(last.at);
});

test("a list of many objects that cannot be read is one gap", async () => {
  const scene = observedCluster(2);
  const [first] = scene.servers;
  scene.after(seconds(2), () => {
    if (first !== undefined) scene.api.set(first, "refusing");
    for (let count = 0; count < 500; count++) spoil(scene, `w${count}`);
  });
  await scene.observe(seconds(5));
  expect(gapsOf(scene.events).length).toBeLessThan(10);
});
