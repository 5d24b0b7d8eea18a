import type { Strike } from "../../src/contracts/fault.ts";
import type { KubernetesCluster, NodeAccess, ProxmoxCluster } from "../../src/model/inventory.ts";
import { defaultSafety } from "../../src/model/safety.ts";

/** An inventory's cluster that is nothing but its nodes. */
export const aCluster = (nodes: readonly NodeAccess[]): ProxmoxCluster => ({
  kind: "proxmox",
  name: "pve",
  armed: true,
  nodes,
  safety: defaultSafety,
  lab: null,
  identity: { name: null, ca_fingerprint: null },
  api: {
    hosts: [{ url: "https://127.0.0.1:1", node: null }],
    token_id: "blackout@pve!chaos",
    token_secret: { kind: "env", name: "X" },
    tls: { kind: "insecure" },
  },
  corosync: { token_ms: 3000, token_coefficient_ms: 650 },
});

export const aKubernetesCluster = (nodes: readonly NodeAccess[]): KubernetesCluster => ({
  kind: "kubernetes",
  name: "k8s",
  armed: true,
  nodes,
  safety: defaultSafety,
  lab: null,
  identity: { kube_system_uid: null },
  api: {
    servers: [{ url: "https://127.0.0.1:1", node: null }],
    auth: { kind: "token", token: { kind: "env", name: "X" } },
    tls: { kind: "insecure" },
  },
  ingress_url: null,
  lock_namespace: "default",
  controller_manager: { node_monitor_period_ms: 5000, node_monitor_grace_ms: 50_000 },
});

export const strikeOn = (victim: string): Strike => ({
  victim,
  desktop: {
    kind: "kubernetes",
    namespace: "blackout",
    name: "blackout-1",
    mark: "x",
    reach: "node-port",
    owns_namespace: true,
  },
});
