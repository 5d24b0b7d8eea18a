import type { Instant } from "../../base/time.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { LinkName } from "./links.ts";

/**
 * A Proxmox VE HA cluster as far as its time behaviour goes, event by event (facts/proxmox-ve.md 1 and 7).
 * The lab puts sockets in front of it; prediction and tests run it alone on a virtual clock.
 * Wall seconds below are the integer `time()` of the cluster: `Math.floor` of wall time, as PVE writes them.
 */
export interface ProxmoxTwin {
  readonly clusterName: string;
  readonly settings: ProxmoxSettings;
  /** In order of nodeid: the first is the judge of locks while it lives. */
  readonly nodes: readonly { readonly name: string; readonly id: number }[];

  // Hardware: what a BMC, a power cable and a kernel can do. All take effect at once.
  powerOff(node: string): void;
  powerOn(node: string): void;
  /** Hard reset: the node goes down and boots at once. */
  reset(node: string): void;
  /** Kernel panic: dead for the network, but still powered; only power off/cycle or reset brings it back. */
  panic(node: string): void;
  isPowered(node: string): boolean;
  hostState(node: string): HostState;

  // The operating system of a node that is up; of any other, nothing happens and nothing is there.
  links(node: string): readonly { readonly name: LinkName; readonly up: boolean }[];
  /** Until the next boot. */
  setLink(node: string, link: LinkName, up: boolean): void;
  /** Null while the node is not up. */
  unit(node: string, name: UnitName): UnitState | null;
  actOnUnit(node: string, name: UnitName, act: UnitAct): void;
  /** In good order, as `shutdown_policy` says: services are asked to end first, which may take long, or for ever. */
  shutDown(node: string, action: "poweroff" | "reboot"): void;
  /** From that request until the power is gone. */
  isShuttingDown(node: string): boolean;

  /**
   * What the API of a node that is up says. Everything on pmxcfs is the same on all members; one that has left the ring
   * reads what it had then. Without a node: what the ring has.
   */
  clusterStatus(from: string): ClusterStatus;
  managerStatus(from?: string): ManagerStatus;
  lrmStatus(from?: string): Readonly<Record<string, LrmStatus>>;
  haResources(from?: string): readonly HaResource[];
  vms(from?: string): readonly VmState[];
  tasks(): readonly TaskState[];

  /**
   * Does `operation` on pmxcfs from `from`: at once, or when the ring has re-formed after a membership change. Whatever
   * it throws goes to `done`. When `from` dies first, `done` is never called.
   */
  write<T>(from: string, operation: () => T, done: (outcome: WriteOutcome<T>) => void): void;

  // Operations for use inside `write`. They throw a TwinRefusal with PVE's own words.
  addHaResource(resource: HaResource): void;
  updateHaResource(sid: string, changes: Partial<Omit<HaResource, "sid">>): void;
  removeHaResource(sid: string): void;
  /** Only a wish, which the CRM master looks at in its next round. */
  moveService(kind: "migrate" | "relocate", sid: string, target: string): void;
  /** The same. */
  setMaintenance(node: string, enabled: boolean): void;
  createVm(
    node: string,
    vm: { readonly vmid: number; readonly config: VmConfig; readonly template: boolean },
  ): TaskState;
  /** Ends after `clone_ms`; a dead node never ends its tasks. */
  cloneVm(
    node: string,
    source: number,
    target: { readonly vmid: number; readonly name: string; readonly node: string },
    user: string,
  ): TaskState;
  configureVm(vmid: number, changes: VmConfig): void;
  /** On a HA-managed VM only a request (task `hastart`), else `qmstart`. */
  startVm(vmid: number, user: string): TaskState;
  stopVm(vmid: number, user: string): TaskState;
  destroyVm(vmid: number, options: { readonly purge: boolean }, user: string): TaskState;
  /** Any other task the API starts (`vncproxy`); ends OK after `durationMs`. */
  addTask(node: string, type: string, id: string, user: string, durationMs: number): TaskState;

  /** Every change that somebody outside could see, and the model's own truth with exact instants. Returns how to stop listening. */
  subscribe(listener: (event: TwinEvent) => void): () => void;
}

/** `hung`: powered, dead to the network (panic). `booting`: powered, not yet a member. */
export type HostState = "off" | "booting" | "up" | "hung";

export type UnitName = "corosync" | "pve-cluster" | "pve-ha-crm" | "pve-ha-lrm" | "watchdog-mux";

export interface UnitState {
  readonly active: "active" | "inactive" | "failed" | "activating";
  /** 0 when it has no process. */
  readonly mainPid: number;
  /** Stopped by SIGSTOP: active, and it does nothing. */
  readonly frozen: boolean;
}

/** `kill`: SIGKILL to the main process. `freeze` and `thaw`: SIGSTOP and SIGCONT to all of its processes. */
export type UnitAct = "stop" | "start" | "kill" | "freeze" | "thaw";

export interface ClusterStatus {
  readonly quorate: boolean;
  /** Names of the members that this node's corosync sees, itself included. */
  readonly online: ReadonlySet<string>;
}

export interface ManagerStatus {
  readonly master: string | null;
  readonly wallSeconds: number;
  readonly nodes: Readonly<Record<string, "online" | "unknown" | "fence" | "gone" | "maintenance">>;
  readonly services: Readonly<
    Record<
      string,
      {
        readonly state: string;
        readonly node: string;
        readonly uid: string;
        readonly running: boolean;
        /** Where it is migrated or relocated to. */
        readonly target: string | null;
      }
    >
  >;
  /** Nodes for which somebody asked for maintenance. */
  readonly maintenanceRequests: readonly string[];
  /** Where a service was when its node went into maintenance, by sid. */
  readonly maintenanceHomes: Readonly<Record<string, string>>;
}

export interface LrmStatus {
  readonly state: "wait_for_agent_lock" | "active" | "lost_agent_lock" | "maintenance";
  readonly mode: "active" | "maintenance" | "restart" | "shutdown";
  readonly wallSeconds: number;
  /** Keyed by uid. */
  readonly results: Readonly<
    Record<string, { readonly sid: string; readonly state: string; readonly exitCode: number }>
  >;
}

export interface HaResource {
  /** `vm:100`. */
  readonly sid: string;
  readonly state: "started" | "stopped" | "enabled" | "disabled" | "ignored";
  readonly failback: 0 | 1 | null;
  readonly maxRestart: number | null;
  readonly maxRelocate: number | null;
  readonly comment: string | null;
}

export type VmConfig = Readonly<Record<string, string | number>>;

export interface VmState {
  readonly vmid: number;
  /** Where its configuration file lies. */
  readonly node: string;
  readonly template: boolean;
  readonly config: VmConfig;
  readonly guest: GuestState;
}

/** `starting`: QEMU forked, its VNC does not answer yet. `booting`: console answers, guest network silent. `network`: guest refuses. `up`: desktop answers. */
export type GuestState =
  | { readonly phase: "off" }
  | {
      readonly phase: "starting" | "booting" | "network" | "up";
      readonly startedAt: Instant;
      readonly startedWallSeconds: number;
      readonly pid: number;
      /** New at each boot of the guest. */
      readonly bootId: string;
    };

export interface TaskState {
  readonly upid: string;
  readonly node: string;
  readonly type: string;
  readonly id: string;
  /** `user@realm!token` as in the UPID. */
  readonly user: string;
  readonly pid: number;
  readonly pstart: number;
  readonly startWallSeconds: number;
  readonly endWallSeconds: number | null;
  readonly exitStatus: string | null;
  readonly log: readonly string[];
}

export type WriteOutcome<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "refused"; readonly error: TwinRefusal };

/** The cluster says no, in PVE's words: they become the HTTP reason phrase. */
export class TwinRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "TwinRefusal";
    this.status = status;
  }
}

export type TwinEvent = { readonly at: Instant } & (
  | { readonly kind: "host"; readonly node: string; readonly state: HostState }
  | {
      readonly kind: "guest";
      readonly vmid: number;
      readonly node: string;
      readonly state: GuestState;
    }
  /** The guest stands still for the last moment of its migration, or goes on after it. */
  | {
      readonly kind: "pause";
      readonly vmid: number;
      readonly node: string;
      readonly paused: boolean;
    }
  | { readonly kind: "link"; readonly node: string; readonly name: string; readonly up: boolean }
  /** Truth for tests and explanations: "membership", "node-unknown", "node-fence", "lock-unlocked", "fence-acknowledged", "service-moved", "lock-renewed", "master", "freeze-start", ... */
  | {
      readonly kind: "model";
      readonly what: string;
      readonly node: string | null;
      readonly detail: string;
    }
);
