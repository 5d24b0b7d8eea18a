import { expect, test } from "vitest";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import { observedCluster, setPod } from "./observed-cluster.ts";

const ready = { conditions: [{ type: "Ready", status: "True" }] };

test("a pod that takes the old one's place tells how long it took from bound to Ready", async () => {
  const { api, after, observe, starts } = observedCluster(1);
  after(seconds(2), () => setPod(api, "new", null));
  after(seconds(3), () => setPod(api, "new", "w2"));
  after(milliseconds(5500), () =>
    setPod(api, "new", "w2", { status: { phase: "Running", ...ready } }),
  );
  after(seconds(6), () => setPod(api, "new", "w2", { status: { phase: "Running", ...ready } }));
  // The old one's start was over before anybody looked.
  after(seconds(7), () => setPod(api, "old", "w1", { status: { phase: "Running", ...ready } }));
  await observe(seconds(10));
  expect(starts).toHaveLength(1);
  const [low, high] = starts[0] ?? [0, 0];
  expect(low).toBeLessThanOrEqual(2500);
  expect(high).toBeGreaterThanOrEqual(2500);
  expect(high - low).toBeLessThan(1000);
});
