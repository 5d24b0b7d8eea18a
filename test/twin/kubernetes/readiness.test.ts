import { describe, expect, test } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { advance, failover } from "./failover.ts";
import { PROBE_PERIOD, STARTING, seeds, settled } from "./fault-scene.ts";

/** A desktop is rolled out anew with this readiness probe in the place of its own; its new pod has just begun to run. */
function rolledOut(seed: number, readinessProbe?: object, settings = defaultKubernetesSettings) {
  const s = settled(seed, null, settings);
  const { deployments } = s.twin.store;
  const deployment = deployments.get("desk", "probe");
  if (deployment === undefined) throw new Error("no deployment");
  const { template, ...others } = deployment.spec;
  const containers = template.spec.containers.map((each) => ({ ...each, readinessProbe }));
  deployments.update({
    ...deployment,
    metadata: { ...deployment.metadata, generation: 2 },
    spec: { ...others, template: { ...template, spec: { ...template.spec, containers } } },
  });
  advance(s, 2);
  const ran = s.events.find(({ kind, at }) => kind === "pod-running" && at > s.start);
  if (ran?.kind !== "pod-running") throw new Error("no new pod");
  /** When the new pod did that, each time, in seconds. */
  const times = (kind: "pod-running" | "pod-serving" | "pod-ready") =>
    s.events.flatMap((each) => (each.kind === kind && each.pod === ran.pod ? [each.at / 1e9] : []));
  return { ...s, node: ran.node, times };
}

/** They lie within the period, and every tenth of it has some of them. */
function expectSpread(waits: readonly number[], period: number): void {
  expect(Math.min(...waits)).toBeGreaterThan(-1e-6);
  expect(Math.max(...waits)).toBeLessThan(period + 1e-6);
  const tenths = waits.map((wait) => Math.floor((wait / period) * 10));
  for (let tenth = 0; tenth < 10; tenth++) {
    const some = tenths.filter((each) => each === tenth).length;
    expect(some, `of ${waits.length} in tenth ${tenth}`).toBeGreaterThan(waits.length / 40);
  }
}

describe("the kubelet of the twin, when a new pod's process begins to answer", () => {
  test.each([
    { probe: { periodSeconds: 1 }, period: 1 },
    { probe: { tcpSocket: { port: 6080 }, periodSeconds: 4 }, period: 4 },
    { probe: { tcpSocket: { port: 6080 } }, period: 10 },
  ])("sees it at any moment of the next $period s, and says so once", ({ probe, period }) => {
    const waits = seeds.map((seed) => {
      const s = rolledOut(seed, probe);
      advance(s, 30);
      const [serving = 0] = s.times("pod-serving");
      const [ready = 0, ...again] = s.times("pod-ready");
      expect(again, `seed ${seed}`).toEqual([]);
      return ready - serving;
    });
    expectSpread(waits, period);
  });

  test("takes it for ready as soon as it runs where it has no probe", () => {
    const s = rolledOut(1);
    advance(s, 30);
    const [running = 0, ...again] = s.times("pod-running");
    expect(again).toEqual([]);
    expect(s.times("pod-ready")).toEqual([running]);
    expect(s.times("pod-serving")[0]).toBeCloseTo(running + 2.5, 6);
  });

  test("adds any part of a second to a failover", () => {
    const waits = seeds.map((seed) => {
      const { evicted, recovered } = failover(seed, defaultKubernetesSettings, 1);
      return (recovered ?? Number.NaN) - (evicted ?? Number.NaN) - STARTING;
    });
    expectSpread(waits, PROBE_PERIOD);
  });
});

describe("the kubelet of the twin, killed while a new pod's process starts", () => {
  test.each([
    { when: "before it is back", startS: 5 },
    { when: "after it is back", startS: 30 },
  ])("sees it once, by the next probe, where it answers $when", ({ startS }) => {
    const assumed = { ...defaultKubernetesSettings.assumed, desktop_start_ms: startS * 1000 };
    const waits = seeds.map((seed) => {
      const settings = { ...defaultKubernetesSettings, assumed };
      const s = rolledOut(seed, { periodSeconds: 1 }, settings);
      const back = s.queue.now() / 1e9 + 10;
      s.twin.actOnUnit(s.node, "kubelet", "kill");
      advance(s, 60);
      const [serving = 0] = s.times("pod-serving");
      expect(serving > back).toBe(startS > 12);
      const [ready = 0, ...again] = s.times("pod-ready");
      expect(again, `seed ${seed}`).toEqual([]);
      return ready - Math.max(serving, back);
    });
    expectSpread(waits, 1);
  });
});
