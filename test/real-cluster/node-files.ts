import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Site } from "./control-plane.ts";
import { apiServerFlags } from "./control-plane.ts";
import type { Layout, WorkerLayout } from "./layout.ts";
import { apiWorkerOf } from "./layout.ts";
import { PAUSE_IMAGE } from "./images/names.ts";

const POD_NETWORKS = "10.244.0.0/16";
const SOCKET = "/run/containerd/containerd.sock";

/** The command of each unit of a worker, by its name. */
export function unitsOf(
  worker: WorkerLayout,
  layout: Layout,
): ReadonlyMap<string, readonly string[]> {
  const units = new Map<string, readonly string[]>([
    ["ssh", ["/usr/sbin/sshd", "-D", "-e"]],
    ["containerd", ["containerd", "--config=/etc/containerd.toml"]],
    [
      "kubelet",
      [
        "kubelet",
        "--config=/etc/kubernetes/kubelet.json",
        "--kubeconfig=/etc/kubernetes/kubelet.kubeconfig",
        "--container-runtime=remote",
        `--container-runtime-endpoint=unix://${SOCKET}`,
        `--node-ip=${worker.address}`,
        "--cert-dir=/var/lib/kubelet/pki",
      ],
    ],
    ["kube-proxy", ["kube-proxy", "--config=/etc/kubernetes/kube-proxy.json"]],
  ]);
  if (worker === apiWorkerOf(layout)) {
    const flags = apiServerFlags(worker.address, layout, "/etc/kubernetes/keys");
    units.set("kube-apiserver", ["kube-apiserver", ...flags]);
  }
  return units;
}

/** Configuration and keys of containerd, kubelet and kube-proxy, and of the API server where there is one. */
export async function writeKubernetesFiles(
  worker: WorkerLayout,
  { layout, credentials }: Site,
  etc: string,
): Promise<void> {
  const kubernetes = join(etc, "kubernetes");
  const write = async (name: string, content: unknown): Promise<void> =>
    await writeFile(join(etc, name), JSON.stringify(content, null, 2));
  const give = async (file: string | undefined, name: string): Promise<void> => {
    if (file === undefined) throw new Error(`${worker.name} has no ${name}`);
    await copyFile(file, join(kubernetes, name));
  };
  await writeFile(join(etc, "containerd.toml"), CONTAINERD);
  await write("cni/net.d/10-pods.conflist", network(worker));
  await write("kubernetes/kubelet.json", kubelet(`/${layout.name}/${worker.name}`));
  await write("kubernetes/kube-proxy.json", kubeProxy(worker));
  await give(credentials.kubeconfigs.get(worker.name), "kubelet.kubeconfig");
  await give(credentials.kubeconfigs.get("kube-proxy"), "kube-proxy.kubeconfig");
  await give(credentials.ca, "ca.crt");
  if (worker !== apiWorkerOf(layout)) return;
  const { ca, admin, server, serviceAccountKey } = credentials;
  await mkdir(join(kubernetes, "keys"), { mode: 0o700 });
  const pairs = [admin, server].flatMap(({ certificate, key }) => [certificate, key]);
  for (const file of [ca, serviceAccountKey, ...pairs]) {
    await give(file, join("keys", basename(file)));
  }
}

/** `restrict_oom_score_adj`: runc may not be allowed to make processes less killable than we are. */
const CONTAINERD = `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "/etc/cni/net.d"
`;

/** Leases of addresses are forgotten at boot, as the pods that had them are. */
const network = ({ podNetwork }: WorkerLayout) => ({
  cniVersion: "0.4.0",
  name: "pods",
  plugins: [
    {
      type: "ptp",
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: podNetwork }]],
        routes: [{ dst: "0.0.0.0/0" }],
        dataDir: "/run/cni/networks",
      },
    },
  ],
});

const kubelet = (cgroupRoot: string) => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: "/etc/kubernetes/ca.crt" },
  },
  authorization: { mode: "Webhook" },
  cgroupDriver: "cgroupfs",
  cgroupRoot,
  enforceNodeAllocatable: [],
  failSwapOn: false,
  // This machine's disk and memory are not the worker's to judge.
  evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
  imageGCHighThresholdPercent: 100,
  oomScoreAdj: 0,
  resolvConf: "/etc/resolv.conf",
  // How soon it tries again to clear away a pod that died with the machine; by default a minute.
  syncFrequency: "10s",
  volumePluginDir: "/var/lib/kubelet/plugins",
});

const kubeProxy = ({ name }: WorkerLayout) => ({
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
  kind: "KubeProxyConfiguration",
  clientConnection: { kubeconfig: "/etc/kubernetes/kube-proxy.kubeconfig" },
  mode: "iptables",
  clusterCIDR: POD_NETWORKS,
  hostnameOverride: name,
  oomScoreAdj: 0,
  // Settings of the whole machine are left alone.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
});
