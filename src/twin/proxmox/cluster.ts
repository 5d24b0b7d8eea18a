import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { CorosyncRing } from "./corosync-ring.ts";
import type { PmxcfsLocks } from "./pmxcfs-locks.ts";
import type { HaResource, LrmStatus, ManagerStatus } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";
import type { Tasks } from "./tasks.ts";
import type { Vms } from "./vms.ts";

/** What the daemons of all nodes share. */
export interface Cluster {
  readonly simulation: Simulation;
  readonly settings: ProxmoxSettings;
  /** In order of nodeid. */
  readonly nodes: readonly string[];
  readonly ring: CorosyncRing;
  readonly locks: PmxcfsLocks;
  readonly vms: Vms;
  readonly tasks: Tasks;
  readonly files: HaFiles;
}

/** The files of PVE HA on pmxcfs, the same on all members. */
export interface HaFiles {
  managerStatus: ManagerStatus;
  readonly lrmStatus: Map<string, LrmStatus>;
  readonly resources: Map<string, HaResource>;
}

/** `vm:100` -> 100. */
export const vmidOf = (sid: string): number => Number(sid.slice(sid.indexOf(":") + 1));
