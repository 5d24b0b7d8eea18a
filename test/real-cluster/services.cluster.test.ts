import { afterAll, describe, expect, it } from "vitest";
import { exactly } from "../../src/base/interval.ts";
import { createFault } from "../../src/faults/create-fault.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import { strikeOn } from "../faults/a-cluster.ts";
import { clock, pulseOf, secrets } from "./on-worker.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { untilAllReady } from "./start-real-cluster.ts";

const shared = sharedCluster();
const VICTIM = "worker-3";

/** Struck by one fault object and healed by another, as after a crash of the tool. */
describe.skipIf(shared.skip)(
  `faults of services, of the API and in good order${shared.note}`,
  () => {
    afterAll(async () => {
      if (!shared.skip) await untilAllReady(shared.place());
    });

    const faults: readonly FaultSpec[] = [
      { kind: "service", service: "kubelet", action: "kill", over: "ssh" },
      { kind: "service", service: "containerd", action: "stop", over: "ssh" },
      { kind: "service", service: "containerd", action: "kill", over: "ssh" },
      { kind: "freeze", over: "ssh" },
      { kind: "cordon", over: "api" },
      { kind: "shutdown", action: "poweroff", over: "ssh", policy: null },
      { kind: "shutdown", action: "reboot", over: "ssh", policy: null },
    ];
    for (const spec of faults) {
      it(`${JSON.stringify(spec)} is struck, proven, and healed by a fresh process`, async () => {
        const context = { cluster: shared.inventory(), clock, secrets };
        const signal = AbortSignal.timeout(150_000);
        const fault = createFault(spec, context);
        expect(await fault.check(VICTIM, signal)).toEqual([]);
        const requested = exactly(clock.now());
        await fault.inject(strikeOn(VICTIM), signal);
        const { gone, evidence } = await fault.confirm(strikeOn(VICTIM), requested, signal);
        expect(gone.earliest).toBeGreaterThanOrEqual(requested.earliest);
        expect(evidence).not.toBe("");
        await fault.close();
        const another = createFault(spec, context);
        await another.heal(VICTIM, signal);
        await untilAllReady(shared.place());
        expect(await pulseOf(context.cluster, VICTIM)).toBe("answers");
        expect(await another.check(VICTIM, signal)).toEqual([]);
        await another.close();
      });
    }

    it("the out-of-service taint is refused by this version of Kubernetes, before anything is touched", async () => {
      const context = { cluster: shared.inventory(), clock, secrets };
      const fault = createFault({ kind: "out-of-service", over: "api" }, context);
      const refusals = await fault.check(VICTIM, AbortSignal.timeout(10_000));
      expect(refusals.map(({ guard }) => guard)).toEqual(["api-version"]);
      await fault.close();
    });
  },
);
