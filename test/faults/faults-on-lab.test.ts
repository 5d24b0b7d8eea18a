import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { exactly } from "../../src/base/interval.ts";
import { between, inSeconds, seconds } from "../../src/base/time.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import type { Refusal } from "../../src/model/journal.ts";
import { strikeOn } from "./a-cluster.ts";
import type { Scene } from "../clusters/kubernetes/lab-scene.ts";
import { secrets, startScene } from "../clusters/kubernetes/lab-scene.ts";

const never = new AbortController().signal;
let scene: Scene;
beforeAll(async () => {
  scene = await startScene(60);
});
afterAll(async () => {
  await scene.close();
});

/** Resolves with what would keep the healed node from being struck again. */
async function strikeAndHeal(spec: FaultSpec, victim: string): Promise<readonly Refusal[]> {
  const { clock, cluster } = scene;
  const fault = createFault(spec, { cluster, clock, secrets });
  const requested = exactly(clock.now());
  await fault.inject(strikeOn(victim), never);
  const { gone } = await fault.confirm(strikeOn(victim), requested, clock.timeout(seconds(120)));
  expect(gone.earliest).toBeGreaterThanOrEqual(requested.earliest);
  expect(inSeconds(between(gone.earliest, gone.latest))).toBeLessThan(30);
  await fault.heal(victim, clock.timeout(seconds(600)));
  return await fault.check(victim, never);
}

/** Over the lab's own SSH and BMC, which were written apart from the faults. All nodes are away at once. */
describe("faults on the lab", () => {
  const faultsOfNode: readonly (readonly FaultSpec[])[] = [
    [{ kind: "sysrq", key: "o", over: "ssh" }],
    [{ kind: "sysrq", key: "c", over: "ssh" }],
    [{ kind: "forced-poweroff", over: "ssh" }],
    [
      { kind: "sysrq", key: "b", over: "ssh" },
      { kind: "power", action: "cycle", over: "ipmi" },
    ],
  ];
  for (const [index, specs] of faultsOfNode.entries()) {
    it.concurrent(`strike, are proven and heal: ${JSON.stringify(specs)}`, async () => {
      const { name } = present(scene.cluster.nodes[index], "a node for each");
      for (const spec of specs) expect(await strikeAndHeal(spec, name)).toEqual([]);
    });
  }
});
