import type { Duration } from "../../base/time.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { Core } from "./core.ts";
import { admitPodSpec } from "./admission.ts";
import { suffixFrom } from "./identifiers.ts";
import { renewTimeBefore } from "./kubelet.ts";
import { newMetadata } from "./metadata.ts";
import { kubeletConditions } from "./node-status.ts";
import type { Container, KubeNode, Labels, OwnerReference, Pod, Taint } from "./objects.ts";
import { runningPod, startingPod } from "./pod-status.ts";

/** The version that the facts were read from, and Debian packages. */
export const KUBERNETES_VERSION = "v1.20.2";

export type NodeRole = "control-plane" | "worker";

export interface InitialNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly number: number;
  readonly address: string;
  readonly uuid: string;
  readonly bootId: string;
  /** Age of its Lease at the start. */
  readonly leaseAge: Duration;
}

/** A cluster as kubeadm leaves it, up for long and settled. */
export function createInitialObjects(core: Core, nodes: readonly InitialNode[]): void {
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    core.store.namespaces.create(namespaceObject(name));
  }
  const proxy = core.store.daemonSets.create(kubeProxySet(nodes.length));
  for (const node of nodes) {
    const created = core.store.nodes.create(nodeObject(core, node));
    createLease(core, node, created);
    createSystemPod(core, node, {
      name: `kube-proxy-${suffixFrom(core.random)}`,
      owner: ownerReference(proxy.apiVersion, "DaemonSet", "kube-proxy", proxy.metadata.uid),
      labels: { "k8s-app": "kube-proxy" },
      command: ["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"],
    });
    if (node.role === "control-plane") createStaticPods(core, node, created.metadata.uid);
  }
}

export const namespaceObject = (
  name: string,
): Parameters<Core["store"]["namespaces"]["create"]>[0] => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: newMetadata({ name }),
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
});

const ownerReference = (
  apiVersion: string,
  kind: string,
  name: string,
  uid: string,
): OwnerReference => ({ apiVersion, kind, name, uid, controller: true });

const CONTROL_PLANE_LABELS: Labels = {
  "node-role.kubernetes.io/control-plane": "",
  "node-role.kubernetes.io/master": "",
};
/** kubeadm 1.20 taints with the old name only. */
const CONTROL_PLANE_TAINTS: readonly Taint[] = [
  { key: "node-role.kubernetes.io/master", effect: "NoSchedule" },
];

function nodeObject(core: Core, node: InitialNode): KubeNode {
  const isControlPlane = node.role === "control-plane";
  const resources = {
    cpu: "4",
    memory: "8145216Ki",
    pods: "110",
    "ephemeral-storage": "61255492Ki",
  };
  const bare: KubeNode = {
    apiVersion: "v1",
    kind: "Node",
    metadata: newMetadata({
      name: node.name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        ...(isControlPlane && CONTROL_PLANE_LABELS),
      },
      annotations: { "node.alpha.kubernetes.io/ttl": "0" },
    }),
    spec: {
      podCIDR: `10.244.${node.number}.0/24`,
      podCIDRs: [`10.244.${node.number}.0/24`],
      taints: isControlPlane ? CONTROL_PLANE_TAINTS : undefined,
    },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address: node.address },
        { type: "Hostname", address: node.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(node),
      images: [],
    },
  };
  const conditions = kubeletConditions(bare, core.stamps.seconds(), null);
  return { ...bare, status: { ...bare.status, conditions } };
}

const nodeInfo = (node: InitialNode): Labels => ({
  architecture: "amd64",
  bootID: node.bootId,
  containerRuntimeVersion: "containerd://1.4.3",
  kernelVersion: "5.10.0-lab-amd64",
  kubeProxyVersion: KUBERNETES_VERSION,
  kubeletVersion: KUBERNETES_VERSION,
  machineID: node.uuid.replaceAll("-", ""),
  operatingSystem: "linux",
  osImage: "blackout lab",
  systemUUID: node.uuid,
});

function createLease(core: Core, node: InitialNode, owner: KubeNode): void {
  core.store.leases.create({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: newMetadata({
      name: node.name,
      namespace: "kube-node-lease",
      ownerReferences: [
        { apiVersion: "v1", kind: "Node", name: node.name, uid: owner.metadata.uid },
      ],
    }),
    spec: {
      holderIdentity: node.name,
      leaseDurationSeconds: core.settings.lease_duration_ms / 1000,
      renewTime: renewTimeBefore(core, node.leaseAge),
    },
  });
}

interface SystemPod {
  readonly name: string;
  readonly owner: OwnerReference;
  readonly labels: Labels;
  readonly command: readonly string[];
  readonly annotations?: Labels;
}

function createSystemPod(core: Core, node: InitialNode, given: SystemPod): void {
  const container: Container = {
    name: (given.command[0] ?? "").replace(/^.*\//u, ""),
    image: `k8s.gcr.io/${(given.command[0] ?? "").replace(/^.*\//u, "")}:${KUBERNETES_VERSION}`,
    command: given.command,
  };
  const bare: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: newMetadata({
      name: given.name,
      namespace: "kube-system",
      labels: given.labels,
      annotations: given.annotations,
      ownerReferences: [given.owner],
    }),
    spec: admitPodSpec(
      {
        nodeName: node.name,
        hostNetwork: true,
        priorityClassName: "system-node-critical",
        tolerations: [{ operator: "Exists" }],
        containers: [container],
      },
      core.settings.default_toleration_s,
    ),
    status: {},
  };
  const stamp = core.stamps.seconds();
  const started = startingPod(bare, node.address, stamp);
  core.store.pods.create(runningPod(started, node.address, { stamp, ready: true }));
}

/** The pods that kubeadm writes as manifests on each control-plane node, as the API mirrors them. */
function createStaticPods(core: Core, node: InitialNode, nodeUid: string): void {
  for (const command of staticCommands(core.settings)) {
    const component = command[0] ?? "";
    createSystemPod(core, node, {
      name: `${component}-${node.name}`,
      owner: ownerReference("v1", "Node", node.name, nodeUid),
      labels: { component, tier: "control-plane" },
      annotations: {
        "kubernetes.io/config.mirror": node.uuid,
        "kubernetes.io/config.source": "file",
      },
      command,
    });
  }
}

const staticCommands = (settings: KubernetesSettings): readonly (readonly string[])[] => [
  ["etcd", "--data-dir=/var/lib/etcd"],
  ["kube-apiserver", "--secure-port=6443", "--client-ca-file=/etc/kubernetes/pki/ca.crt"],
  [
    "kube-controller-manager",
    "--leader-elect=true",
    `--node-monitor-period=${settings.node_monitor_period_ms}ms`,
    `--node-monitor-grace-period=${settings.node_monitor_grace_ms}ms`,
    `--node-eviction-rate=${settings.node_eviction_rate}`,
  ],
  ["kube-scheduler", "--leader-elect=true"],
];

const kubeProxySet = (nodes: number): Parameters<Core["store"]["daemonSets"]["create"]>[0] => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: newMetadata({
    name: "kube-proxy",
    namespace: "kube-system",
    generation: 1,
    labels: { "k8s-app": "kube-proxy" },
  }),
  spec: {
    selector: { matchLabels: { "k8s-app": "kube-proxy" } },
    template: {
      metadata: { labels: { "k8s-app": "kube-proxy" } },
      spec: { containers: [{ name: "kube-proxy" }] },
    },
  },
  status: {
    currentNumberScheduled: nodes,
    desiredNumberScheduled: nodes,
    numberAvailable: nodes,
    numberMisscheduled: 0,
    numberReady: nodes,
    updatedNumberScheduled: nodes,
  },
});
