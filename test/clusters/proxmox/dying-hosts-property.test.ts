import * as fc from "fast-check";
import { expect, test } from "vitest";
import { milliseconds } from "../../../src/base/time.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import type { Mode } from "./observed-cluster.ts";
import { hosts, ObservedCluster } from "./observed-cluster.ts";

const SEED = 20261124;
const RUNS = 40;

/** What a failover does to the cluster, step by step; each step is told as the events behind it. */
const story: readonly {
  readonly tells: readonly string[];
  readonly act: (cluster: ObservedCluster) => void;
}[] = [
  { tells: ["membership-lost"], act: (cluster) => cluster.offline.add("pv9") },
  {
    tells: ["node-lost"],
    act: (cluster) => {
      cluster.nodeState = "unknown";
    },
  },
  {
    tells: ["fencing-started"],
    act: (cluster) => {
      cluster.nodeState = "fence";
      cluster.state = "fence";
    },
  },
  {
    tells: ["fenced", "node-chosen"],
    act: (cluster) => {
      cluster.nodeState = "unknown";
      cluster.state = "started";
      cluster.node = "pv8";
    },
  },
  {
    tells: ["instance-started"],
    act: (cluster) =>
      cluster.tasks.push({ upid: "U", node: "pv8", type: "qmstart", id: "100", starttime: 1 }),
  },
];

/** Long enough for a look at a host that may be stuck, and at the next one. */
const STEP_MS = 3000;
const QUIET_MS = 12_000;

const mode = fc.constantFrom<Mode>("well", "well", "silent", "refusing", "stuck", "outside");
const plan = fc.record({
  pauses: fc.array(fc.integer({ min: STEP_MS, max: 2 * STEP_MS }), {
    minLength: story.length,
    maxLength: story.length,
  }),
  deaths: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 2500 }),
      modes: fc.array(mode, { minLength: 3, maxLength: 3 }),
      survivor: fc.nat(2),
    }),
    { maxLength: 12 },
  ),
});
type Plan = typeof plan extends fc.Arbitrary<infer Chosen> ? Chosen : never;

async function told({ pauses, deaths }: Plan) {
  const cluster = new ObservedCluster();
  const happened = new Map<string, number>();
  let step = 0;
  for (const [index, { tells, act }] of story.entries()) {
    step += pauses[index] ?? STEP_MS;
    for (const kind of tells) happened.set(kind, step);
    cluster.after(step, () => act(cluster));
  }
  let death = STEP_MS;
  for (const { afterMs, modes, survivor } of deaths) {
    death += afterMs;
    cluster.after(death, () => {
      for (const [index, host] of hosts.entries()) {
        cluster.modes.set(host, index === survivor ? "well" : (modes[index] ?? "well"));
      }
    });
  }
  const end = Math.max(step, death);
  cluster.after(end, () => cluster.modes.clear());
  await cluster.observe(milliseconds(end + QUIET_MS));
  const facts = cluster.events.filter(({ kind }) => kind !== "observation-gap");
  return { facts, happened };
}

const kindsOf = (events: readonly ControlPlaneEvent[]): readonly string[] =>
  events.map(({ kind, node }) => `${kind} ${node ?? ""}`);

test(
  "whatever API hosts do while one lives, the same is told as of one that never dies, at honest times",
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (chosen) => {
        const undisturbed = await told({ ...chosen, deaths: [] });
        const { facts, happened } = await told(chosen);
        expect(facts.map(({ kind }) => kind).toSorted()).toEqual([...happened.keys()].toSorted());
        expect(kindsOf(facts)).toEqual(kindsOf(undisturbed.facts));
        for (const { kind, observed_ms } of facts) {
          const moment = happened.get(kind) ?? NaN;
          expect(observed_ms[0]).toBeLessThanOrEqual(moment);
          expect(observed_ms[1]).toBeGreaterThanOrEqual(moment);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);
