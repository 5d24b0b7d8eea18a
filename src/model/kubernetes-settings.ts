/** What decides how long Kubernetes takes to replace a pod of a dead node. Defaults: kubernetes 1.20 (facts/kubernetes.md 1). */
export interface KubernetesSettings {
  readonly control_plane_nodes: number;
  readonly workers: number;
  /** KubeletConfiguration `nodeLeaseDurationSeconds`; renewed every quarter of it. */
  readonly lease_duration_ms: number;
  /** controller-manager `--node-monitor-period`. */
  readonly node_monitor_period_ms: number;
  /** controller-manager `--node-monitor-grace-period`. */
  readonly node_monitor_grace_ms: number;
  /** Toleration that DefaultTolerationSeconds adds to pods that state none. */
  readonly default_toleration_s: number;
  /** controller-manager `--node-eviction-rate`, nodes per second. */
  readonly node_eviction_rate: number;
  readonly assumed: KubernetesAssumptions;
}

/** Properties of hardware and image. Assumed, listed in reports, never fitted to a measurement. */
interface KubernetesAssumptions {
  /** Pod created to bound. */
  readonly schedule_ms: number;
  /** Bound to the container running; the image is present. */
  readonly container_start_ms: number;
  /** Container running to its noVNC answering (the readiness probe sees it up to a period later). */
  readonly desktop_start_ms: number;
  /** Pod ready to the ingress and kube-proxy sending traffic to it. */
  readonly endpoint_propagation_ms: number;
  /** The controller-manager's own work per monitor pass: passes run every period plus this. */
  readonly monitor_work_ms: number;
  /** Power on to the kubelet posting Ready. */
  readonly node_boot_ms: number;
  /** A shutdown in good order: from the request, when services and containers are told to end, to the power being gone. */
  readonly node_shutdown_ms: number;
}

export const defaultKubernetesSettings: KubernetesSettings = {
  control_plane_nodes: 2,
  workers: 2,
  lease_duration_ms: 40_000,
  node_monitor_period_ms: 5000,
  node_monitor_grace_ms: 40_000,
  default_toleration_s: 300,
  node_eviction_rate: 0.1,
  assumed: {
    schedule_ms: 20,
    container_start_ms: 1500,
    desktop_start_ms: 2500,
    endpoint_propagation_ms: 300,
    monitor_work_ms: 5,
    node_boot_ms: 40_000,
    node_shutdown_ms: 5000,
  },
};

/** How often a kubelet renews its Lease: every quarter of its duration (pkg/kubelet/kubelet.go:790). */
export const leaseRenewalMs = ({
  lease_duration_ms,
}: Pick<KubernetesSettings, "lease_duration_ms">): number => lease_duration_ms / 4;
