/** What an experiment asks to be done to the victim. Plain JSON; durations end in their unit. */
export type FaultSpec =
  | PowerFault
  | SysrqFault
  | ForcedPoweroff
  | ShutdownFault
  | NetworkCut
  | ServiceFault
  | Freeze
  | KubernetesNodeFault
  | Maintenance
  | Migration
  | CommandFault;

/** `off` stays off until it is healed; `cycle` boots at once. */
export interface PowerFault {
  readonly kind: "power";
  readonly action: "off" | "cycle";
  readonly over: BmcProtocol;
}

export type BmcProtocol = "ipmi" | "redfish";

/** `o` powers off, `b` resets at once, `c` panics. */
export interface SysrqFault {
  readonly kind: "sysrq";
  readonly key: "o" | "b" | "c";
  readonly over: "ssh";
}

/** `poweroff -ff`: no shutdown, no sync. */
export interface ForcedPoweroff {
  readonly kind: "forced-poweroff";
  readonly over: "ssh";
}

/** The operating system is asked to end in good order: by its own command, the power button (BMC), or PVE's API. */
export interface ShutdownFault {
  readonly kind: "shutdown";
  readonly action: "poweroff" | "reboot";
  readonly over: "ssh" | BmcProtocol | "api";
  /** Proxmox VE: what the cluster's `shutdown_policy` has to be, else the fault is refused; null: as it is. Never changed. */
  readonly policy: ShutdownPolicy | null;
}

export const shutdownPolicies = ["conditional", "failover", "freeze", "migrate"] as const;
/** `ha: shutdown_policy=...` of PVE's datacenter.cfg. */
export type ShutdownPolicy = (typeof shutdownPolicies)[number];

/** Links are taken down on the victim, and up again by a timer that is set there before. */
export interface NetworkCut {
  readonly kind: "network-cut";
  /** `all`, the name of an interface (`eno2`), or a network by its address (`10.10.0.0/24`). */
  readonly cut: string;
  /** After this long the victim itself takes its links up again. */
  readonly for_ms: number;
  readonly over: "ssh";
}

/** Units that can be stopped or killed, and which kind of cluster has them. */
export const services = {
  kubelet: "kubernetes",
  containerd: "kubernetes",
  corosync: "proxmox",
  "pve-ha-lrm": "proxmox",
  "pve-ha-crm": "proxmox",
} as const;
export type ServiceName = keyof typeof services;

/** `stop`: by the service manager. `kill`: SIGKILL to its main process; the service manager may start it again. */
export interface ServiceFault {
  readonly kind: "service";
  readonly service: ServiceName;
  readonly action: "stop" | "kill";
  readonly over: "ssh";
}

/** SIGSTOP to all of the node's cluster services (see `services`): they are there and do nothing. */
export interface Freeze {
  readonly kind: "freeze";
  readonly over: "ssh";
}

/**
 * What Kubernetes' API can do to a node or to the desktop's pod. `drain` cordons and evicts; `out-of-service` sets the taint
 * `node.kubernetes.io/out-of-service` (1.26 and later), which removes the node's pods by force.
 */
export interface KubernetesNodeFault {
  readonly kind: "cordon" | "drain" | "evict" | "out-of-service";
  readonly over: "api";
}

/** PVE's `ha-manager crm-command node-maintenance enable`, given on another node. */
export interface Maintenance {
  readonly kind: "maintenance";
  readonly over: "ssh";
}

/** A planned live migration of the HA resource. */
export interface Migration {
  readonly kind: "migrate";
  /** Null: any other node that is online. */
  readonly to: string | null;
  readonly over: "api";
}

/** The user's own program, for a PDU, a cloud or an outer hypervisor: `program ...arguments <verb> <node>`. */
export interface CommandFault {
  readonly kind: "command";
  /** Absolute path. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** What `inject` leaves behind, from which proof and cure follow; see `Aftermath`. */
  readonly leaves: Aftermath;
  /** Each call's time limit. */
  readonly limit_ms: number;
}

/**
 * `off`: without power. `hung`: powered and dead. `rebooting`: comes back by itself. The first two need somebody outside to
 * bring the node back.
 */
export type Aftermath = "off" | "hung" | "rebooting";
