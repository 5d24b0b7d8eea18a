import { describe, expect, it } from "vitest";
import { createKubernetesDriver } from "../../src/clusters/kubernetes/kubernetes-driver.ts";
import { resultAt } from "../probe/attempts.ts";
import { desktopSpec } from "./desktop-spec.ts";
import { clock, secrets } from "./on-worker.ts";
import { sharedCluster } from "./shared-cluster.ts";

const shared = sharedCluster();

const spec = desktopSpec("desktop-test");

describe.skipIf(shared.skip)(`a desktop on a real cluster${shared.note}`, () => {
  it("is deployed by our driver, seen through another node's port down to a picture, and removed", async () => {
    const driver = createKubernetesDriver({ cluster: shared.inventory(), clock, secrets });
    // Kubernetes 1.20 may take a minute to forget a pod: what its container left is collected that often.
    const signal = AbortSignal.timeout(240_000);
    const request = {
      spec,
      placement: { kind: "any" },
      run: "test",
      trial: "desktop",
      mark: "desktop.cluster.test",
    } as const;
    const desktop = await driver.prepare(request, signal);
    try {
      const started = clock.now();
      const { node, instance } = await driver.deploy(desktop, request, signal);
      const endpoint = await driver.endpoint(desktop, spec, node, signal);
      const home = shared.inventory().nodes.find(({ name }) => name === node)?.address;
      expect(endpoint).toMatchObject({ kind: "novnc" });
      expect(JSON.stringify(endpoint)).not.toContain(`//${home}:`);
      await expect
        .poll(async () => await resultAt(endpoint), { timeout: 10_000, interval: 250 })
        .toMatchObject({ kind: "good", instance: expect.stringContaining(instance ?? "a pod") });
      const took = ((clock.now() - started) / 1e9).toFixed(1);
      process.stderr.write(`desktop created, and seen ${took} s later\n`);
    } finally {
      await driver.remove(desktop, signal);
      await driver.close();
    }
  });
});
