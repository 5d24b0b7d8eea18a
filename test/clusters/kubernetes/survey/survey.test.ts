import { afterEach, describe, expect, it } from "vitest";
import { createKubernetesSurvey } from "../../../../src/clusters/kubernetes/create-kubernetes-survey.ts";
import type { ControlPlaneFlags } from "../../../../src/clusters/kubernetes/survey/flags.ts";
import {
  durationMs,
  judgeFlags,
  readFlags,
} from "../../../../src/clusters/kubernetes/survey/flags.ts";
import { judgeKubelets } from "../../../../src/clusters/kubernetes/survey/kubelets.ts";
import type { Right } from "../../../../src/clusters/kubernetes/survey/rights.ts";
import { judgeRights, needsOf } from "../../../../src/clusters/kubernetes/survey/rights.ts";
import { timingOf } from "../../../../src/clusters/kubernetes/survey/survey-cluster.ts";
import { judgeVersions } from "../../../../src/clusters/kubernetes/survey/versions.ts";
import type { KubernetesCluster } from "../../../../src/model/inventory.ts";
import { defaultSafety } from "../../../../src/model/safety.ts";
import type { Finding } from "../../../../src/model/survey.ts";
import { startMiniCluster } from "../../../clients/kubernetes/mini-api.ts";
import { quickClock } from "../../../clients/quick-clock.ts";

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);

const cluster = (api: KubernetesCluster["api"] | null = null): KubernetesCluster => ({
  kind: "kubernetes",
  name: "kube",
  armed: true,
  nodes: [],
  safety: defaultSafety,
  lab: null,
  identity: { kube_system_uid: null },
  api: api ?? {
    servers: [],
    auth: { kind: "token", token: { kind: "env", name: "T" } },
    tls: { kind: "insecure" },
  },
  ingress_url: null,
  lock_namespace: "default",
  controller_manager: { node_monitor_period_ms: 5000, node_monitor_grace_ms: 40_000 },
});

const pods = (...components: readonly (readonly string[])[]) => ({
  items: components.map(([name = "", ...command]) => ({
    metadata: { name: `${name}-cp1` },
    spec: { containers: [{ command: [name, ...command] }] },
  })),
});

describe("readFlags", () => {
  it("reads the flags of the static pods, however they are written", () => {
    const data = pods(
      [
        "kube-controller-manager",
        "--node-monitor-period=2s",
        "--node-monitor-grace-period",
        "1m16s",
      ],
      ["kube-apiserver", "--default-unreachable-toleration-seconds=30"],
    );
    expect(readFlags(data, 20)).toEqual({
      monitor: {
        node_monitor_period_ms: 2000,
        node_monitor_grace_ms: 76_000,
        node_eviction_rate: 0.1,
      },
      default_toleration_s: 30,
    });
  });

  it.each([
    [20, 40_000],
    [31, 40_000],
    [32, 50_000],
    [null, 40_000],
  ])("takes the default of its release where no flag is given: 1.%s has %d ms", (minor, grace) => {
    const { monitor, default_toleration_s } = readFlags(
      pods(["kube-controller-manager"], ["kube-apiserver"]),
      minor,
    );
    expect(monitor?.node_monitor_grace_ms).toBe(grace);
    expect(default_toleration_s).toBe(300);
  });

  it("knows nothing of a managed cluster, whose control plane has no pods", () => {
    expect(readFlags(pods(["kube-proxy"]), 30)).toEqual({
      monitor: null,
      default_toleration_s: null,
    });
  });
});

describe("durationMs", () => {
  it.each([
    ["40s", 40_000],
    ["1m30s", 90_000],
    ["1.5s", 1500],
    ["5000ms", 5000],
    ["1h0m0s", 3_600_000],
    ["soon", null],
    ["", null],
  ])("%s", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

const flags = (grace: number): ControlPlaneFlags => ({
  monitor: {
    node_monitor_period_ms: 5000,
    node_monitor_grace_ms: grace,
    node_eviction_rate: 0.1,
  },
  default_toleration_s: 300,
});

describe("judgeFlags", () => {
  it("compares with the inventory, and proposes what the cluster has", () => {
    expect(levels(judgeFlags(cluster(), flags(40_000)))).toEqual(["ok", "ok"]);
    const [found] = judgeFlags(cluster(), flags(50_000));
    expect(found).toMatchObject({
      level: "problem",
      paste: { controller_manager: { node_monitor_period: "5s", node_monitor_grace: "50s" } },
    });
  });

  it("says that it cannot know them where they are not visible", () => {
    const none = { monitor: null, default_toleration_s: null };
    expect(levels(judgeFlags(cluster(), none))).toEqual(["note"]);
  });
});

const right = (changes: Partial<Right>): Right => ({
  verb: "get",
  group: "",
  resource: "nodes",
  namespace: null,
  only: null,
  ...changes,
});

describe("the other judges", () => {
  it("tell a missing right that every run needs from one that few do", () => {
    const granted = { right: right({}), allowed: true };
    const patch = right({ verb: "patch", only: "faults cordon" });
    const watch = right({ verb: "watch", resource: "leases", group: "coordination.k8s.io" });
    expect(levels(judgeRights("kube", [granted]))).toEqual(["ok"]);
    expect(levels(judgeRights("kube", [granted, { right: patch, allowed: false }]))).toEqual([
      "ok",
      "note",
    ]);
    const [found] = judgeRights("kube", [granted, { right: watch, allowed: false }]);
    expect(found).toMatchObject({ level: "problem" });
    expect(found?.saw).toBe("may not watch leases.coordination.k8s.io in the cluster");
  });

  it("say of the lock's Lease which rights are missing, and of budgets what is then not seen", () => {
    const rights = needsOf("locks").flatMap(({ verbs, ...rest }) =>
      verbs.map((verb) => ({ ...rest, verb })),
    );
    const without = judgeRights(
      "kube",
      rights.map((each) => ({
        right: each,
        allowed: each.namespace !== "locks" && each.group !== "policy",
      })),
    );
    expect(without.map(({ level, saw }) => `${level}: ${saw}`)).toEqual([
      "problem: may not create leases.coordination.k8s.io in namespace locks",
      'problem: may not get leases.coordination.k8s.io "blackout" in namespace locks',
      'problem: may not update leases.coordination.k8s.io "blackout" in namespace locks',
      'problem: may not delete leases.coordination.k8s.io "blackout" in namespace locks',
      "note: may not list poddisruptionbudgets.policy in the cluster",
    ]);
    expect(without.at(-1)?.needs).toMatch(/guard of disruption budgets/u);
  });

  it("note kubelets that differ", () => {
    const kubelet = { node: "w1", lease_duration_ms: 40_000, status_update: "10s" };
    expect(levels(judgeKubelets("kube", [kubelet, { ...kubelet, node: "w2" }]))).toEqual(["ok"]);
    const slow = { ...kubelet, node: "w2", lease_duration_ms: 80_000 };
    expect(levels(judgeKubelets("kube", [kubelet, slow]))).toEqual(["note", "note"]);
  });

  it("note an API without eviction", () => {
    expect(levels(judgeVersions("kube", { eviction: "policy/v1", endpointSlice: "v1" }))).toEqual([
      "ok",
    ]);
    expect(levels(judgeVersions("kube", { eviction: null, endpointSlice: "v1" }))).toEqual([
      "note",
    ]);
  });
});

describe("timingOf", () => {
  const untold = { told: false, error: null } as const;

  it("takes the cluster's word before the inventory's, and the slowest kubelet's lease", () => {
    const told = {
      told: true,
      value: {
        monitor: {
          node_monitor_period_ms: 2000,
          node_monitor_grace_ms: 20_000,
          node_eviction_rate: 1,
        },
        default_toleration_s: 60,
      },
    } as const;
    const kubelets = {
      told: true,
      value: [20_000, 80_000].map((ms) => ({
        node: "w",
        lease_duration_ms: ms,
        status_update: "10s",
      })),
    } as const;
    expect(timingOf(cluster(), told, kubelets).settings).toMatchObject({
      node_monitor_period_ms: 2000,
      node_monitor_grace_ms: 20_000,
      default_toleration_s: 60,
      lease_duration_ms: 80_000,
    });
  });

  it("takes the inventory's where the cluster does not tell", () => {
    expect(timingOf(cluster(), untold, untold).settings).toMatchObject({
      node_monitor_grace_ms: 40_000,
      default_toleration_s: 300,
      lease_duration_ms: 40_000,
    });
  });
});

describe("createKubernetesSurvey", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  it("ends with a problem for each server when all are silent", async () => {
    const mini = await startMiniCluster(2);
    closing.push(async () => await mini.close());
    for (const server of mini.servers) server.answer = () => undefined;
    const surveyor = createKubernetesSurvey({
      cluster: cluster(mini.api),
      clock: quickClock(),
      secrets: { resolve: async () => "token" },
    });
    closing.push(async () => await surveyor.close());
    const facts = await surveyor.survey();
    expect(facts).toMatchObject({ reached: false, identity: null, health: null });
    expect(levels(facts.findings)).toEqual(["problem", "problem"]);
  });
});
