import { expect, test } from "vitest";
import { seconds } from "../../../src/base/time.ts";
import type { Scene } from "./observed-cluster.ts";
import { observedCluster } from "./observed-cluster.ts";

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

const renew = ({ api }: Scene, name: string, renewTime: string): void =>
  api.put(LEASES, name, { spec: { renewTime, leaseDurationSeconds: 40 } });

test("the victim's renewals are told, and nobody else's", async () => {
  const scene = observedCluster(1);
  for (const name of ["w1", "w2"]) renew(scene, name, "2026-11-24T22:00:00.000000Z");
  scene.after(seconds(2), () => renew(scene, "w2", "2026-11-24T22:00:02.000000Z"));
  scene.after(seconds(3), () => renew(scene, "w1", "2026-11-24T22:00:03.000000Z"));
  await scene.observe(seconds(5));
  expect(scene.events).toMatchObject([
    { kind: "lease-renewed", node: "w1", stamp: "2026-11-24T22:00:03.000000Z" },
  ]);
  const [earliest = NaN, latest = NaN] = scene.events[0]?.observed_ms ?? [];
  expect(earliest).toBeLessThanOrEqual(3000);
  expect(latest).toBeGreaterThanOrEqual(3000);
  expect(latest - earliest).toBeLessThan(1000);
});
