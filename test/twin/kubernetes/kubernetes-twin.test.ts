import { describe, expect, test } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { createDesktop } from "../../../src/twin/kubernetes/desktop.ts";
import { advance, failover, isWithin, settingsWith, stage } from "./failover.ts";
import { PROBE_PERIOD, STARTING, expectProbed } from "./fault-scene.ts";

const SEEDS = 300;
const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
const { assumed } = defaultKubernetesSettings;

/** facts/kubernetes.md 1, in seconds, written without looking at the model. */
function formulas(
  phase: { readonly r: number; readonly d: number },
  settings: { readonly period: number; readonly grace: number; readonly toleration: number },
) {
  const wholeGrace = Math.ceil(settings.grace / settings.period) * settings.period;
  const unknown = -phase.r + phase.d + wholeGrace;
  const evicted = unknown + settings.period + settings.toleration;
  const probed = evicted + STARTING;
  return { unknown, evicted, recovered: [probed, probed + PROBE_PERIOD] } as const;
}

const cases = [
  { period: 5, grace: 40, toleration: 1, lease: 40, seeds: SEEDS },
  { period: 5, grace: 50, toleration: 1, lease: 40, seeds: SEEDS },
  { period: 2, grace: 16, toleration: 10, lease: 40, seeds: 100 },
  { period: 5, grace: 40, toleration: 0, lease: 20, seeds: 100 },
  { period: 10, grace: 100, toleration: 30, lease: 60, seeds: 100 },
  { period: 5, grace: 42, toleration: 1, lease: 40, seeds: 100 },
];

describe("the twin of Kubernetes, when the desktop's node loses power", () => {
  test.each(cases)(
    "agrees with the closed formulas: period $period s, grace $grace s, toleration $toleration s, lease $lease s",
    ({ period, grace, toleration, lease, seeds: count }) => {
      const settings = settingsWith({
        node_monitor_period_ms: period * 1000,
        node_monitor_grace_ms: grace * 1000,
        lease_duration_ms: lease * 1000,
      });
      const wrong = seeds.slice(0, count).flatMap((seed) => {
        const run = failover(seed, settings, toleration);
        const expected = formulas(run, { period, grace, toleration });
        const agrees =
          run.r <= lease / 4 &&
          run.d <= period + 0.01 &&
          isWithin(run.unknown, expected.unknown) &&
          isWithin(run.evicted, expected.evicted) &&
          isWithin(run.recovered, ...expected.recovered);
        const { r, d, unknown, evicted, recovered } = run;
        return agrees ? [] : [{ seed, r, d, unknown, evicted, recovered, expected }];
      });
      expect(wrong).toEqual([]);
    },
  );

  test("takes 299 s longer with the default tolerations than with one second of its own", () => {
    const wrong = seeds.filter((seed) => {
      const own = failover(seed, defaultKubernetesSettings, 1);
      const standard = failover(seed, defaultKubernetesSettings, null);
      const longer = (standard.recovered ?? 0) - (own.recovered ?? 0);
      return standard.unknown !== own.unknown || Math.abs(longer - 299) > 1e-6;
    });
    expect(wrong).toEqual([]);
  });

  test("goes through its steps in order: Unknown, endpoint gone, taint a pass later, eviction, new pod", () => {
    const run = failover(7, defaultKubernetesSettings, 1);
    const steps = [
      run.unknown,
      run.unserved,
      run.taint,
      run.evicted,
      run.scheduled,
      run.running,
      run.ready,
      run.recovered,
    ];
    expect(steps.every((each) => each !== null)).toBe(true);
    expect(steps).toEqual(steps.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect((run.unserved ?? 0) - (run.unknown ?? 0)).toBeCloseTo(0.3, 6);
    expect((run.taint ?? 0) - (run.unknown ?? 0)).toBeGreaterThan(5);
    expect((run.taint ?? 0) - (run.unknown ?? 0)).toBeLessThan(5.2);
    expect(run.pod().node).not.toBe(run.victim.node);
  });

  test("does the same again for the same seed, and something else for another", () => {
    const [first, again, other] = [11, 11, 12].map(
      (seed) => failover(seed, defaultKubernetesSettings, 1).events,
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test("keeps the old pod Terminating until its node is back, then lets it go and takes the taints away", () => {
    const run = failover(3, defaultKubernetesSettings, 1);
    const old = () => run.twin.store.pods.get("desk", run.victim.name);
    const node = () => run.twin.store.nodes.get("", run.victim.node);
    expect(old()?.metadata.deletionTimestamp).toBeDefined();
    expect(
      node()
        ?.spec.taints?.map((taint) => `${taint.key}:${taint.effect}`)
        .toSorted(),
    ).toEqual([
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/unreachable:NoSchedule",
    ]);
    const survivor = run.pod().name;
    run.twin.powerOn(run.victim.node);
    advance(run, assumed.node_boot_ms / 1000 + 0.001);
    expect(old()).toBeUndefined();
    advance(run, 6);
    expect(node()?.spec.taints).toBeUndefined();
    expect(run.pod().name).toBe(survivor);
  });

  test("restarts the same pod when its node is back before the eviction", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const s = stage(seed, defaultKubernetesSettings);
      createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: null });
      advance(s, 61);
      const victim = s.pod();
      const bootId = s.twin.bootId(victim.node);
      s.twin.reset(victim.node);
      const kill = s.queue.now();
      advance(s, 300);
      expect(s.pod()).toEqual(victim);
      expect(s.twin.bootId(victim.node)).not.toBe(bootId);
      const pod = s.twin.store.pods.get("desk", victim.name);
      expect(pod?.status.containerStatuses?.[0]?.restartCount).toBe(1);
      const ready = s.when(
        kill,
        (event) => event.kind === "pod-ready" && event.pod === victim.name,
      );
      expectProbed(ready, 40 + 1.5 + 2.5, seed);
      expect(s.when(kill, (event) => event.kind === "evicted")).toBeNull();
    }
  });
});

const lose = (workers: number, lost: number, duration: number) => {
  const s = stage(5, settingsWith({ control_plane_nodes: 0, workers }));
  advance(s, 61);
  for (let number = 1; number <= lost; number++) s.twin.powerOff(`worker${number}`);
  advance(s, duration);
  return s;
};
const tainted = (s: ReturnType<typeof lose>) =>
  s.events.filter((event) => event.kind === "taint").map((event) => event.at / 1e9);

describe("the twin of Kubernetes, when many nodes are lost", () => {
  test("taints the first at once and the others every ten seconds", () => {
    const times = tainted(lose(10, 3, 120));
    expect(times).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(9.9);
    expect(second - first).toBeLessThan(10.2);
    expect(third - second).toBeGreaterThan(9.8);
    expect(third - second).toBeLessThan(10.2);
  });

  test("evicts nothing more in a small zone once more than two nodes and 55 % are lost", () => {
    const s = lose(5, 3, 300);
    expect(s.events.filter((event) => event.kind === "node-unknown")).toHaveLength(3);
    expect(tainted(s).length).toBeLessThan(3);
    const whole = lose(6, 3, 300);
    expect(tainted(whole)).toHaveLength(3);
  });

  test("stops all evictions when every node is lost, and gives all new time when one is back", () => {
    const s = lose(3, 3, 200);
    expect(s.events.filter((event) => event.kind === "node-unknown")).toHaveLength(3);
    const taints = s.twin.store.nodes
      .all()
      .flatMap((node) => node.spec.taints ?? [])
      .filter((taint) => taint.effect === "NoExecute");
    expect(taints).toEqual([]);
    s.twin.powerOn("worker1");
    advance(s, 60);
    const ready = s.twin.store.nodes.get("", "worker1")?.status.conditions;
    expect(ready?.find((condition) => condition.type === "Ready")?.status).toBe("True");
    // The limiter of a zone that let nobody pass is exchanged for an empty one: a token takes ten seconds.
    const back = (s.events.find(({ kind }) => kind === "node-ready")?.at ?? 0) / 1e9;
    const first = (tainted(s)[0] ?? 0) - back;
    expect(first).toBeGreaterThan(10);
    expect(first).toBeLessThan(15.2);
  });
});

describe("the twin of Kubernetes, when a control-plane node dies", () => {
  test("detects nothing for the leader's lease, then starts anew with an empty memory", () => {
    const s = stage(9, defaultKubernetesSettings);
    advance(s, 61);
    const kill = s.queue.now();
    s.twin.panic("cp1");
    s.twin.powerOff("worker1");
    advance(s, 120);
    const leader = s.when(kill, (event) => event.kind === "leader" && event.node === "cp2");
    expect(leader).toBeGreaterThanOrEqual(15);
    expect(leader).toBeLessThan(17.1);
    const unknown = s.when(
      kill,
      (event) => event.kind === "node-unknown" && event.node === "worker1",
    );
    expect(unknown).toBeGreaterThan((leader ?? 0) + 40);
    expect(s.twin.isPowered("cp1")).toBe(true);
    expect(s.twin.hostState("cp1")).toBe("hung");
  });

  test("stands still without any API server: kubelets cannot renew, nobody is declared lost", () => {
    const s = stage(9, settingsWith({ control_plane_nodes: 1 }));
    advance(s, 61);
    s.twin.powerOff("cp1");
    const kill = s.queue.now();
    advance(s, 300);
    expect(s.when(kill, (event) => event.kind === "lease-renewed")).toBeNull();
    expect(s.when(kill, (event) => event.kind === "node-unknown")).toBeNull();
  });
});

describe("the API objects of the twin", () => {
  test("removes a Deployment's pods with it, and an emptied namespace in the end", () => {
    const s = stage(1, defaultKubernetesSettings);
    createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
    advance(s, 10);
    const { store } = s.twin;
    const namespace = store.namespaces.get("", "desk");
    expect(namespace).toBeDefined();
    if (namespace === undefined) return;
    const deletionTimestamp = s.twin.core.stamps.seconds();
    store.namespaces.update({
      ...namespace,
      metadata: { ...namespace.metadata, deletionTimestamp },
      status: { phase: "Terminating" },
    });
    advance(s, 0.5);
    expect(store.namespaces.get("", "desk")).toBeDefined();
    advance(s, 5);
    expect(store.namespaces.get("", "desk")).toBeUndefined();
    const left = store.namespaced().flatMap((table) => table.all());
    expect(left.filter((object) => object.metadata.namespace === "desk")).toEqual([]);
  });

  test("takes over to a new pod template without a gap in its endpoints", () => {
    const s = stage(1, defaultKubernetesSettings);
    createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
    advance(s, 10);
    const { store } = s.twin;
    const deployment = store.deployments.get("desk", "probe");
    if (deployment === undefined) throw new Error("no deployment");
    const before = s.pod().name;
    const start = s.queue.now();
    const { template } = deployment.spec;
    store.deployments.update({
      ...deployment,
      metadata: { ...deployment.metadata, generation: 2 },
      spec: {
        ...deployment.spec,
        template: { ...template, metadata: { labels: { app: "probe", v: "2" } } },
      },
    });
    advance(s, 20);
    expect(s.pod().name).not.toBe(before);
    expect(
      s.when(start, (event) => event.kind === "endpoint" && event.pods.length === 0),
    ).toBeNull();
    expect(store.deployments.get("desk", "probe")?.status.readyReplicas).toBe(1);
  });

  test("leaves a pod Pending that no node takes, and schedules it when one does", () => {
    const s = stage(1, defaultKubernetesSettings);
    for (const name of ["worker1", "worker2"]) {
      const node = s.twin.store.nodes.get("", name);
      if (node !== undefined) {
        s.twin.store.nodes.update({ ...node, spec: { ...node.spec, unschedulable: true } });
      }
    }
    advance(s, 1);
    createDesktop(s.twin, { namespace: "desk", name: "probe", tolerationSeconds: 1 });
    advance(s, 10);
    expect(s.pod().node).toBe("");
    const node = s.twin.store.nodes.get("", "worker2");
    if (node !== undefined) {
      s.twin.store.nodes.update({ ...node, spec: { ...node.spec, unschedulable: undefined } });
    }
    advance(s, 10);
    expect(s.pod().node).toBe("worker2");
  });
});
