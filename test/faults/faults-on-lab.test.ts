import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exactly } from "../../src/base/interval.ts";
import { between, inSeconds, seconds } from "../../src/base/time.ts";
import type { Fault } from "../../src/contracts/fault.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import type { FaultSpec } from "../../src/model/experiment.ts";
import type { Scene } from "../clusters/kubernetes/lab-scene.ts";
import { secrets, startScene } from "../clusters/kubernetes/lab-scene.ts";

const never = new AbortController().signal;
const victim = "worker1";
let scene: Scene;
beforeAll(async () => {
  scene = await startScene(60);
});
afterAll(async () => {
  await scene.close();
});

/** A node that boots is still called Ready for 40 s, so that the fault's own check has to tell when it is back. */
async function untilBack(fault: Fault): Promise<void> {
  const end = scene.clock.timeout(seconds(600));
  for (;;) {
    const refusals = await fault.check(victim, never);
    if (refusals.length === 0) return;
    if (end.aborted) throw new Error(JSON.stringify(refusals));
    await scene.clock.sleep(seconds(2), never);
  }
}

/** Over the lab's own SSH and BMC, which were written apart from the faults. */
describe("faults on the lab", () => {
  const faults: readonly FaultSpec[] = [
    { kind: "sysrq", key: "o", over: "ssh" },
    { kind: "sysrq", key: "b", over: "ssh" },
    { kind: "sysrq", key: "c", over: "ssh" },
    { kind: "forced-poweroff", over: "ssh" },
    { kind: "power", action: "cycle", over: "ipmi" },
  ];
  for (const spec of faults) {
    it(`strikes, proves and heals ${JSON.stringify(spec)}`, async () => {
      const { clock, cluster } = scene;
      const fault = createFault(spec, { nodes: cluster.nodes, clock, secrets });
      const requested = exactly(clock.now());
      await fault.inject(victim, never);
      const { gone } = await fault.confirm(victim, requested, clock.timeout(seconds(120)));
      expect(gone.earliest).toBeGreaterThanOrEqual(requested.earliest);
      expect(inSeconds(between(gone.earliest, gone.latest))).toBeLessThan(30);
      await fault.heal(victim, clock.timeout(seconds(600)));
      await untilBack(fault);
    });
  }
});
