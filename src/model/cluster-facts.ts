import type { RangeMs, SpanMs } from "../base/interval.ts";

/** What a driver says of its cluster, in one vocabulary for both kinds. */

export interface ClusterIdentity {
  readonly kind: "proxmox" | "kubernetes";
  readonly name: string;
  /** PVE: SHA-256 of the cluster CA (or of the pinned certificate). Kubernetes: UID of the namespace kube-system. */
  readonly fingerprint: string;
  readonly version: string;
}

export interface ClusterHealth {
  readonly nodes: readonly NodeHealth[];
  /** Votes that keep the control plane able to decide; null where the driver cannot know. */
  readonly quorum: QuorumFacts | null;
  /** Of the storage that desktops lie on, where it can be read (Ceph); null: unknown. */
  readonly storage: StorageHealth | null;
  /** What the credentials may not see, so that what is not there only looks so. */
  readonly hidden: Hidden;
  /** Why no trial can start now, in words: "LRM of pve2 has not reported for 34 s". Empty: ready. */
  readonly problems: readonly string[];
}

interface Hidden {
  /** Of nodes' `workloads`; null: all are seen. */
  readonly workloads: MissingRight | null;
  /** Of nodes' `budgets`. */
  readonly budgets: MissingRight | null;
}

export interface MissingRight {
  readonly saw: string;
  /** The right that would show it. */
  readonly needs: string;
}

export interface StorageHealth {
  readonly healthy: boolean;
  /** `Ceph says HEALTH_WARN: 1 osds down`. */
  readonly detail: string;
}

export interface NodeHealth {
  readonly name: string;
  readonly online: boolean;
  readonly maintenance: boolean;
  /** Votes it adds to the quorum: a PVE member, an etcd / control-plane node; 0 for a worker. */
  readonly votes: number;
  /** A desktop may run on it. */
  readonly schedulable: boolean;
  /** The PVE CRM master; always false on Kubernetes. */
  readonly master: boolean;
  /** Names of other workloads on it that a kill would take down (DaemonSet and static pods, and this run's own, aside). */
  readonly workloads: readonly string[];
  /** Promises to others that its loss would break, in words: "budget prod/web allows no disruption now". */
  readonly budgets: readonly string[];
  /** The machine below it, as the cluster tells. */
  readonly machine: MachineFacts;
}

/** What tells one machine from another, as far as it is known. */
export interface MachineFacts {
  readonly boot_id: string | null;
  readonly machine_id: string | null;
  readonly addresses: readonly string[];
}

/** What whoever answers at the SSH address of a node says of itself. Null: it did not say. */
export interface LoginFacts {
  readonly boot_id: string | null;
  readonly machine_id: string | null;
  /** `uname -n`. */
  readonly hostname: string | null;
}

export interface QuorumFacts {
  readonly quorate: boolean;
  readonly expected_votes: number;
  readonly present_votes: number;
  /** Of a QDevice that is there: part of `present_votes`, and of no node. */
  readonly device_votes: number;
  readonly needed_votes: number;
}

/** A desktop as plain data: enough to find and to remove it in a fresh process. */
export type DesktopHandle =
  | {
      readonly kind: "proxmox";
      readonly vmid: number;
      readonly name: string;
      /** Marks what this run owns; part of the VM's description. */
      readonly mark: string;
      /** False for a VM that was there before: it is never deleted. */
      readonly owned: boolean;
      /** HA settings and power state found before, to be put back; null for a clone of ours. */
      readonly before: ProxmoxVmBefore | null;
    }
  | {
      readonly kind: "kubernetes";
      readonly namespace: string;
      /** Name of Deployment, Service and Ingress alike. */
      readonly name: string;
      readonly mark: string;
      readonly reach: "ingress" | "node-port" | "url";
      /** The namespace was created by this run and goes with it. */
      readonly owns_namespace: boolean;
    };

export interface ProxmoxVmBefore {
  readonly running: boolean;
  readonly node: string;
  readonly ha: {
    readonly state: string;
    readonly failback: number | null;
    readonly comment: string | null;
    readonly max_restart: number | null;
    readonly max_relocate: number | null;
  } | null;
}

export interface Whereabouts {
  /** The node that the control plane says the desktop is on; null while there is none. */
  readonly node: string | null;
  /** Running instance as the control plane knows it: QEMU start, pod name; null while there is none. */
  readonly instance: string | null;
}

/** What the control plane said, in one vocabulary, with the raw fact beside it. */
export interface ControlPlaneEvent {
  readonly kind: ControlPlaneEventKind;
  /** Between the look before and this one (polls), or around receipt (watches); ms since the run's clock origin. */
  readonly observed_ms: SpanMs;
  /** The node it is about; for `instance-*` and `node-chosen` the new one. */
  readonly node: string | null;
  readonly instance: string | null;
  /** The cluster's own stamp of it, as it was written there; null when it has none. */
  readonly stamp: string | null;
  /** Which call or watch said so: "GET /cluster/ha/status/manager_status". */
  readonly source: string;
  /** The raw fact: small, no secrets. */
  readonly raw: unknown;
}

export type ControlPlaneEventKind =
  /** PVE: /cluster/status says offline. Kubernetes has no such step. */
  | "membership-lost"
  /** Detection: PVE node `unknown`; Kubernetes Ready `Unknown`. */
  | "node-lost"
  /** PVE: the service is in state `fence`. Kubernetes: the NoExecute taint is there. */
  | "fencing-started"
  /** PVE: fencing acknowledged. Kubernetes: the pod is being deleted. */
  | "fenced"
  /** The new node is known. */
  | "node-chosen"
  /** QEMU started; container running. */
  | "instance-started"
  /** Kubernetes: the pod is Ready and in an EndpointSlice. */
  | "endpoint-ready"
  /** Kubernetes: the victim's kubelet has renewed its lease, from which its grace is counted. */
  | "lease-renewed"
  /** The victim is a member again. */
  | "node-returned"
  /** The way to the API was lost, or came back by another host: events in between may be late. */
  | "observation-gap"
  /** Another node than the victim died. */
  | "other-node-lost";

/** Whose word a setting is: the cluster's own, or the inventory's where that did not tell. */
export type ToldBy = "cluster" | "inventory";

/**
 * So many starts of pods of a spec count, the latest ones: a run of a thousand trials has as many, and a journal would hold them all in
 * each. There are versions that did.
 */
export const MOST_STARTS = 15;

/** The cluster's own timers just before the kill: inputs of the trial's prediction. */
export type ClusterTimers =
  | {
      readonly kind: "proxmox";
      readonly master: string | null;
      readonly victim_is_master: boolean;
      /** Age of the victim's agent lock at the moment given by `at_ms`. */
      readonly lock_age_ms: RangeMs | null;
      /** Since the CRM master last wrote its status. */
      readonly crm_age_ms: RangeMs | null;
      readonly lrm_states: Readonly<Record<string, string>>;
      /** Since each LRM last wrote its status; not there: of a version that did not read it. */
      readonly lrm_ages_ms?: Readonly<Record<string, RangeMs>>;
      /** HA services of each node, by which PVE chooses where one goes; not there: of a version that did not count them. */
      readonly lrm_services?: Readonly<Record<string, number>>;
      /** Nodes that this process saw fenced and has not seen active since; not there: of a version that did not say. */
      readonly fenced_nodes?: readonly string[];
      readonly nodes: number;
      readonly token_ms: number;
      readonly token_coefficient_ms: number;
      /** Token and coefficient; not there: of a version that took the inventory's. */
      readonly settings_by?: ToldBy;
      readonly at_ms: SpanMs;
    }
  | {
      readonly kind: "kubernetes";
      /** Age of the victim's Lease. */
      readonly lease_age_ms: RangeMs | null;
      readonly node_monitor_period_ms: number;
      readonly node_monitor_grace_ms: number;
      /** Period and grace; not there: of a version that took the inventory's. */
      readonly settings_by?: ToldBy;
      /** Of the victim's Lease, which is renewed every quarter of it; not there: nobody told. */
      readonly lease_duration_ms?: number;
      readonly toleration_s: number | null;
      /** How long this desktop took when it was deployed, from bound to a node to Ready; null where this process did not see it. */
      readonly start_ms: RangeMs | null;
      /** The same of the latest pods of its spec that this process saw start (`MOST_STARTS`), at failovers too; not there: of a version that did not keep them. */
      readonly starts_ms?: readonly RangeMs[];
      readonly at_ms: SpanMs;
    };
