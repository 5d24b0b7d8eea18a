import type { LabOrigin } from "./lab.ts";
import type { SafetyLimits } from "./safety.ts";
import type { SecretRef } from "./secret.ts";

/** How to reach clusters, and what may be done to them. Everything in model/ is plain JSON; durations end in their unit. */
export interface Inventory {
  /** The file it came from, for messages. */
  readonly file: string;
  readonly clusters: readonly Cluster[];
}

export type Cluster = ProxmoxCluster | KubernetesCluster;

interface ClusterCommon {
  readonly name: string;
  /** Real clusters must be armed before anything is killed on them. */
  readonly armed: boolean;
  readonly nodes: readonly NodeAccess[];
  readonly safety: SafetyLimits;
  /** Set when the cluster is played by a lab; its clock and instance then come from there. */
  readonly lab: LabOrigin | null;
}

export interface ProxmoxCluster extends ClusterCommon {
  readonly kind: "proxmox";
  readonly identity: { readonly name: string | null; readonly ca_fingerprint: string | null };
  readonly api: {
    readonly hosts: readonly ApiHost[];
    /** `USER@REALM!TOKENID`. */
    readonly token_id: string;
    readonly token_secret: SecretRef;
    readonly tls: TlsTrust;
  };
  /** What the twin is told where the API does not say it. */
  readonly corosync: {
    readonly token_ms: number;
    readonly token_coefficient_ms: number;
  };
}

export interface KubernetesCluster extends ClusterCommon {
  readonly kind: "kubernetes";
  readonly identity: { readonly kube_system_uid: string | null };
  readonly api: {
    readonly servers: readonly ApiHost[];
    readonly auth: KubernetesAuth;
    readonly tls: TlsTrust;
  };
  /** Where the cluster's ingress controller answers, e.g. `http://10.0.0.5:8080`; null when there is none. */
  readonly ingress_url: string | null;
  /** Of the Lease that keeps two runs apart. */
  readonly lock_namespace: string;
  readonly controller_manager: {
    readonly node_monitor_period_ms: number;
    readonly node_monitor_grace_ms: number;
  };
}

type KubernetesAuth =
  | { readonly kind: "token"; readonly token: SecretRef }
  | {
      readonly kind: "client-certificate";
      readonly certificate: SecretRef;
      readonly key: SecretRef;
    };

export interface ApiHost {
  /** `https://host:port`. */
  readonly url: string;
  /** The node it runs on, so that it is not asked once that node is dead; null when it is none of them. */
  readonly node: string | null;
}

export const apiHostsOf = (cluster: Cluster): readonly ApiHost[] =>
  cluster.kind === "proxmox" ? cluster.api.hosts : cluster.api.servers;

export type TlsTrust =
  | { readonly kind: "ca"; readonly path: string }
  /** SHA-256 of the server's certificate, `AA:BB:...`. */
  | { readonly kind: "fingerprint"; readonly sha256: string }
  /** Switched off, by name, for one host; printed in every report. */
  | { readonly kind: "insecure" };

export interface NodeAccess {
  readonly name: string;
  readonly address: string | null;
  readonly ssh: SshAccess | null;
  readonly bmc: BmcAccess | null;
}

export interface SshAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly key: SecretRef;
  /** `SHA256:...` as `ssh-keygen -lf` prints it, or "insecure". */
  readonly host_key: string;
}

/** One BMC; `mapping` says how it is known to belong to its node. */
export type BmcAccess = IpmiAccess | RedfishAccess;

export interface IpmiAccess extends BmcMapping {
  readonly kind: "ipmi";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: SecretRef;
  readonly cipher_suite: 3 | 17;
  readonly via: "builtin" | "ipmitool";
}

export interface RedfishAccess extends BmcMapping {
  readonly kind: "redfish";
  /** `https://host:port`, without a path. */
  readonly url: string;
  readonly user: string;
  readonly password: SecretRef;
  readonly tls: TlsTrust;
  /** The id below `/redfish/v1/Systems`; null: discovered, and refused where there are several. */
  readonly system: string | null;
}

interface BmcMapping {
  /** `asserted`: the user vouches that this BMC belongs to this node. `uuid`: proven by equal system UUIDs. */
  readonly mapping: "asserted" | "uuid";
}
