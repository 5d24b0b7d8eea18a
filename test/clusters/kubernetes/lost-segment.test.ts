import { expect, test } from "vitest";
import { milliseconds, seconds } from "../../../src/base/time.ts";
import { observedCluster, setReady } from "./observed-cluster.ts";

const HAPPENS_MS = 3000;
/** Linux sends a segment again after a round trip and 200 ms at the least. */
const RESENT_MS = 220;
/** At every point between two checks of the watch. */
const phases = [0, 50, 110, 160, 210, 270];

test("observeDesktop holds the moment of a change within its span though its segment was sent twice", async () => {
  for (const phase of phases) {
    const scene = observedCluster(1);
    const happened = HAPPENS_MS + phase;
    scene.after(milliseconds(happened), () => {
      scene.api.losesSegments(milliseconds(RESENT_MS));
      setReady(scene.api, "w1", "Unknown");
    });
    await scene.observe(seconds(5));
    const [lost] = scene.events.filter(({ kind }) => kind === "node-lost");
    const [earliest = Number.NaN, latest = Number.NaN] = lost?.observed_ms ?? [];
    expect(earliest).toBeLessThanOrEqual(happened);
    expect(latest).toBeGreaterThanOrEqual(happened);
    expect(latest - earliest).toBeLessThan(300);
  }
});
