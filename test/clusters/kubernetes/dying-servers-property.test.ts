import * as fc from "fast-check";
import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/time.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import type { Mode } from "../../clients/kubernetes/virtual-api.ts";
import type { Scene } from "./observed-cluster.ts";
import { observedCluster, PODS, setPod, setReady, setSlice } from "./observed-cluster.ts";

const SEED = 20261124;
const RUNS = 10;

/** What a failover does to the cluster, step by step; each step is told as the events behind it. */
const story: readonly {
  readonly tells: readonly string[];
  readonly act: (scene: Scene) => void;
}[] = [
  { tells: ["node-lost"], act: ({ api }) => setReady(api, "w1", "Unknown") },
  { tells: ["fencing-started"], act: ({ api }) => setReady(api, "w1", "Unknown", [evicting]) },
  { tells: ["fenced"], act: ({ api }) => setPod(api, "old", "w1", leaving) },
  { tells: [], act: ({ api }) => setPod(api, "new", null) },
  { tells: ["node-chosen"], act: ({ api }) => setPod(api, "new", "w2") },
  { tells: ["instance-started"], act: ({ api }) => setPod(api, "new", "w2", running) },
  { tells: ["endpoint-ready"], act: ({ api }) => setSlice(api, "new") },
  { tells: [], act: ({ api }) => api.remove(PODS, "old") },
];
const evicting = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
const leaving = { metadata: { deletionTimestamp: "2026-01-01T00:01:00Z" } };
const running = {
  status: { phase: "Running", containerStatuses: [{ state: { running: { startedAt: "x" } } }] },
};

/** All servers live before the first step and from some time after the last one, so that nothing stays unseen. */
const BEGIN_MS = 2000;
const QUIET_MS = 4000;

const mode = fc.constantFrom<Mode>("well", "well", "silent", "refusing", "deaf", "headless");
const plan = fc.record({
  servers: fc.integer({ min: 2, max: 4 }),
  pauses: fc.array(fc.integer({ min: 0, max: 1500 }), {
    minLength: story.length,
    maxLength: story.length,
  }),
  deaths: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 1500 }),
      modes: fc.array(mode, { minLength: 4, maxLength: 4 }),
      survivor: fc.nat(3),
    }),
    { maxLength: 10 },
  ),
});

type Plan = typeof plan extends fc.Arbitrary<infer Chosen> ? Chosen : never;

async function told({
  servers,
  pauses,
  deaths,
}: Plan): Promise<{ events: readonly ControlPlaneEvent[]; happened: ReadonlyMap<string, number> }> {
  const scene = observedCluster(servers);
  const happened = new Map<string, number>();
  let step = BEGIN_MS;
  for (const [index, { tells, act }] of story.entries()) {
    step += pauses[index] ?? 0;
    for (const kind of tells) happened.set(kind, step);
    scene.after(milliseconds(step), () => act(scene));
  }
  let death = BEGIN_MS;
  for (const { afterMs, modes, survivor } of deaths) {
    death += afterMs;
    scene.after(milliseconds(death), () => {
      for (const [index, server] of scene.servers.entries()) {
        scene.api.set(server, index === survivor % servers ? "well" : (modes[index] ?? "well"));
      }
    });
  }
  const end = Math.max(step, death);
  scene.after(milliseconds(end), () => {
    for (const server of scene.servers) scene.api.set(server, "well");
  });
  await scene.observe(milliseconds(end + QUIET_MS));
  return { events: scene.events, happened };
}

/** Of each object by itself: two watches need not agree which of them was first. */
function stories(
  events: readonly ControlPlaneEvent[],
): Readonly<Record<string, readonly string[]>> {
  const all: Record<string, string[]> = {};
  for (const { kind, source, node, instance } of events) {
    if (kind === "observation-gap") continue;
    (all[`${source} ${instance ?? node ?? ""}`] ??= []).push(`${kind} ${node ?? ""}`);
  }
  return all;
}

test(
  "whatever API servers do while one lives, the same is told as of one that never dies, at honest times",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (chosen) => {
        const undisturbed = await told({ ...chosen, deaths: [] });
        const { events, happened } = await told(chosen);
        expect(stories(events)).toEqual(stories(undisturbed.events));
        expect(undisturbed.events.map(({ kind }) => kind)).not.toContain("observation-gap");
        for (const { kind, observed_ms } of events) {
          const moment = happened.get(kind);
          if (moment === undefined) continue;
          expect(observed_ms[0]).toBeLessThanOrEqual(moment);
          expect(observed_ms[1]).toBeGreaterThanOrEqual(moment);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);
