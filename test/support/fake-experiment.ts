import type { Arm, Experiment, Reference } from "../../src/model/experiment.ts";
import { noHooks } from "../../src/model/hooks.ts";
import type { Inventory, NodeAccess } from "../../src/model/inventory.ts";
import { defaultKubernetesSettings } from "../../src/model/kubernetes-settings.ts";
import type { LabOrigin, LabSpec } from "../../src/model/lab.ts";
import { defaultProxmoxSettings } from "../../src/model/proxmox-settings.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { arm as consoleArm } from "./fake-study.ts";

/** The thesis's study as plain data: three arms on the two clusters of a lab. */
export function fakeExperiment(seed: number, trials: number): Experiment {
  return {
    file: "experiments/fake.yaml",
    name: "fake",
    title: "Failover of a desktop, Proxmox VE HA against Kubernetes",
    description: "A run that never was.",
    seed,
    order: "interleaved",
    arms: fakeArms(trials),
    hooks: noHooks,
    acceptance: {
      rules: [
        {
          text: "lost == 0",
          arm: null,
          subject: { kind: "count", outcome: "lost", limit: 0 },
          comparison: "==",
        },
        {
          text: "recovery.p95 <= 150s",
          arm: "proxmox-guest",
          subject: {
            kind: "duration",
            measure: "recovery",
            statistic: "p95",
            limit_ms: 150_000,
          },
          comparison: "<=",
        },
      ],
      min_valid: null,
    },
    references: ["proxmox-guest", "proxmox-console"].map((name) => proxmoxReference(name)),
    overrides: [],
  };
}

const proxmoxReference = (arm: string): Reference => ({
  title: "Thesis, Proxmox VE",
  arm,
  measure: "recovery",
  source: "data/thesis-failover.csv, column proxmox_ve_s",
  values_ms: [133, 144, 134, 134, 135, 145, 136, 134, 135, 134].map((s) => s * 1000),
});

function fakeArms(trials: number): readonly Arm[] {
  const proxmox: Arm = { ...consoleArm, cluster: "lab-pve", trials };
  return [
    {
      ...proxmox,
      name: "proxmox-guest",
      desktop: {
        kind: "proxmox",
        source: { kind: "clone", template: 9000, pool: null },
        reach: {
          kind: "guest",
          address: null,
          port: 6080,
          page: "/vnc.html",
          websocket: "/websockify",
        },
        vnc_password: null,
      },
    },
    {
      ...proxmox,
      name: "proxmox-console",
      probe: { ...proxmox.probe, period_ms: 1000 },
    },
    {
      ...proxmox,
      name: "kubernetes",
      cluster: "lab-k8s",
      placement: { kind: "any" },
      when: { kind: "random" },
      desktop: {
        kind: "kubernetes",
        namespace: "blackout",
        image: "registry.example/novnc-desktop:1",
        port: 6080,
        toleration_s: 1,
        page: "/vnc.html",
        websocket: "/websockify",
        reach: { kind: "ingress", host: null },
        vnc_password: null,
      },
    },
  ];
}

const origin: LabOrigin = {
  instance: "fake",
  speed: 60,
  origin_hrtime_ns: "0",
  origin_wall: "2026-01-01T00:00:00.000Z",
};

const nodesOf = (...names: readonly string[]): readonly NodeAccess[] =>
  names.map((name) => ({
    name,
    address: "127.0.0.1",
    ssh: null,
    bmc: {
      kind: "ipmi",
      host: "127.0.0.1",
      port: 623,
      user: "blackout",
      password: { kind: "env", name: "BMC" },
      cipher_suite: 17,
      via: "builtin",
      mapping: "uuid",
    },
  }));

const safety = defaultSafety;

export const fakeInventory: Inventory = {
  file: "inventories/fake.yaml",
  clusters: [
    {
      kind: "proxmox",
      name: "lab-pve",
      armed: true,
      nodes: nodesOf("pve1", "pve2", "pve3"),
      safety,
      lab: origin,
      identity: { name: "lab-pve", ca_fingerprint: "AA:BB" },
      api: {
        hosts: [{ url: "https://127.0.0.1:8006", node: "pve1" }],
        token_id: "root@pam!blackout",
        token_secret: { kind: "env", name: "TOKEN" },
        tls: { kind: "ca", path: "ca.pem" },
      },
      corosync: { token_ms: 3000, token_coefficient_ms: 650 },
    },
    {
      kind: "kubernetes",
      name: "lab-k8s",
      armed: true,
      nodes: nodesOf("cp1", "cp2", "worker1", "worker2"),
      safety,
      lab: origin,
      identity: { kube_system_uid: "0000" },
      api: {
        servers: [{ url: "https://127.0.0.1:6443", node: "cp1" }],
        auth: { kind: "token", token: { kind: "env", name: "TOKEN" } },
        tls: { kind: "ca", path: "ca.pem" },
      },
      ingress_url: "http://127.0.0.1:8080",
      lock_namespace: "default",
      controller_manager: { node_monitor_period_ms: 5000, node_monitor_grace_ms: 40_000 },
    },
  ],
};

export const fakeLab: LabSpec = {
  speed: 60,
  seed: 1,
  clusters: [
    { kind: "proxmox", name: "lab-pve", bmc: "ipmi", safety, settings: defaultProxmoxSettings },
    {
      kind: "kubernetes",
      name: "lab-k8s",
      bmc: "ipmi",
      safety,
      settings: defaultKubernetesSettings,
    },
  ],
};
