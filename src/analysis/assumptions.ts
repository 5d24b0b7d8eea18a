import { formatDuration, milliseconds } from "../base/time.ts";
import type { KubernetesSettings } from "../model/kubernetes-settings.ts";
import type { LabCluster } from "../model/lab.ts";
import type { RunPlan } from "../model/plan.ts";
import type { ProxmoxAssumptions, ProxmoxSettings } from "../model/proxmox-settings.ts";
import type { Assumption } from "../model/run-report.ts";

/** What a lab's clusters were told and had to assume, each with its reason. A real cluster has none. */
export function assumptionsOf({ lab, experiment }: RunPlan): readonly Assumption[] {
  const used = new Set(experiment.arms.map(({ cluster }) => cluster));
  return (lab?.clusters ?? []).filter(({ name }) => used.has(name)).flatMap(assumptionsOfCluster);
}

function assumptionsOfCluster(cluster: LabCluster): readonly Assumption[] {
  const rows =
    cluster.kind === "proxmox" ? ofProxmox(cluster.settings) : ofKubernetes(cluster.settings);
  return rows.map(([name, value, why]) => ({ cluster: cluster.name, name, value, why }));
}

type Row = readonly [name: string, value: string, why: string];

const ms = (value: number): string => formatDuration(milliseconds(value));

function ofProxmox({ assumed, ...settings }: ProxmoxSettings): readonly Row[] {
  return [
    [
      "guest_boot",
      ms(assumed.guest_boot_ms),
      "Assumed: from QEMU answering to the guest's noVNC answering. A property of guest and host, not of PVE; it is part of every recovery seen through the guest, and of none seen through the console.",
    ],
    [
      "guest_network",
      ms(assumed.guest_network_ms),
      "Assumed: from QEMU answering to the guest's network being up; until then the guest is silent, from then on it refuses. It moves what failed attempts look like, not the recovery.",
    ],
    [
      "qemu_start",
      ms(assumed.qemu_start_ms),
      "Assumed: from the start of QEMU to its VNC socket answering; without a disk 0.25 to 0.35 s were seen. Part of every recovery.",
    ],
    [
      "node_boot",
      ms(assumed.node_boot_ms),
      "Assumed: from power on to the node's corosync joining and its API answering. It moves the healing, not the recovery.",
    ],
    [
      "clone",
      ms(assumed.clone_ms),
      "Assumed: a full clone of the template. It moves the deployment, not the recovery.",
    ],
    ...ofMigration(assumed),
    [
      "nodes",
      String(settings.nodes),
      "Given by the inventory. It decides the quorum and lengthens corosync's timeout.",
    ],
    [
      "shutdown_policy",
      settings.shutdown_policy ?? "not set",
      "Given by the inventory: what becomes of a node's services when it is shut down in good order; not set means conditional. It moves no recovery from a loss.",
    ],
    [
      "token",
      ms(settings.token_ms),
      "Given by the inventory: corosync's totem.token; 3 s is its default. It moves the modes of the recovery.",
    ],
    [
      "token_coefficient",
      ms(settings.token_coefficient_ms),
      "Given by the inventory: corosync's totem.token_coefficient, added for each node beyond two; 650 ms is its default.",
    ],
  ];
}

/** Runs of before labs knew migrations have no such assumptions, and are judged again without them. */
function ofMigration(assumed: ProxmoxAssumptions): readonly Row[] {
  if (!Number.isFinite(assumed.migration_ms)) return [];
  return [
    [
      "migration",
      ms(assumed.migration_ms),
      "Assumed: a live migration, from its start to the guest running on the target. A property of its memory and the network; it is part of every planned move, and of no recovery.",
    ],
    [
      "migration_downtime",
      ms(assumed.migration_downtime_ms),
      "Assumed: how long the guest stands still at the end of a live migration; QEMU is asked for at most 100 ms.",
    ],
  ];
}

const ofKubernetes = ({ assumed, ...settings }: KubernetesSettings): readonly Row[] => [
  ...assumedOfKubernetes(assumed),
  ...givenOfKubernetes(settings),
];

function assumedOfKubernetes(assumed: KubernetesSettings["assumed"]): readonly Row[] {
  return [
    [
      "schedule",
      ms(assumed.schedule_ms),
      "Assumed: from the new pod being created to its being bound to a node. Part of every recovery.",
    ],
    [
      "container_start",
      ms(assumed.container_start_ms),
      "Assumed: from the pod being bound to its container running, with the image on the node. Part of every recovery.",
    ],
    [
      "desktop_start",
      ms(assumed.desktop_start_ms),
      "Assumed: from the container running to its noVNC answering, which the next readiness probe sees. A property of the image; part of every recovery.",
    ],
    [
      "endpoint_propagation",
      ms(assumed.endpoint_propagation_ms),
      "Assumed: from the pod being ready to ingress and kube-proxy sending traffic to it. Part of every recovery.",
    ],
    [
      "monitor_work",
      ms(assumed.monitor_work_ms),
      "Assumed: the controller-manager's own work in a monitor pass; passes drift by it.",
    ],
    [
      "node_boot",
      ms(assumed.node_boot_ms),
      "Assumed: from power on to the kubelet posting Ready. It moves the healing, not the recovery.",
    ],
    [
      "node_shutdown",
      ms(assumed.node_shutdown_ms),
      "Assumed: a shutdown in good order, from the request, when the desktop is told to end, to the power being gone. It moves the healing, not the recovery.",
    ],
  ];
}

function givenOfKubernetes(settings: Omit<KubernetesSettings, "assumed">): readonly Row[] {
  return [
    [
      "control_plane_nodes",
      String(settings.control_plane_nodes),
      "Given by the inventory. It decides what may be killed.",
    ],
    [
      "workers",
      String(settings.workers),
      "Given by the inventory. It decides where the pod may start again.",
    ],
    [
      "lease_duration",
      ms(settings.lease_duration_ms),
      "Given by the inventory: the kubelet renews its Lease every quarter of it; 40 s is the default.",
    ],
    [
      "node_monitor_period",
      ms(settings.node_monitor_period_ms),
      "Given by the inventory: --node-monitor-period; 5 s is the default.",
    ],
    [
      "node_monitor_grace",
      ms(settings.node_monitor_grace_ms),
      "Given by the inventory: --node-monitor-grace-period, after which a silent node is Unknown; 40 s is the default of Kubernetes 1.20.",
    ],
    [
      "default_toleration",
      `${settings.default_toleration_s} s`,
      "Given by the inventory: what a pod without tolerations of its own is given before it is evicted; 300 s is the default.",
    ],
    [
      "node_eviction_rate",
      `${settings.node_eviction_rate} nodes/s`,
      "Given by the inventory: --node-eviction-rate; 0.1 is the default. It matters when several nodes are lost.",
    ],
  ];
}
