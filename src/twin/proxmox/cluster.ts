import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { CorosyncRing } from "./corosync-ring.ts";
import type { HaFiles } from "./ha-files.ts";
import type { LinkName } from "./links.ts";
import type { PmxcfsLocks } from "./pmxcfs-locks.ts";
import type { HostState } from "./proxmox-twin.ts";
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
  readonly hosts: Hosts;
}

/** The nodes as the network finds them. */
export interface Hosts {
  stateOf(node: string): HostState;
  /** Both are up, and so are their links of this name. */
  connected(one: string, other: string, link: LinkName): boolean;
}

/** `vm:100` -> 100. */
export const vmidOf = (sid: string): number => Number(sid.slice(sid.indexOf(":") + 1));
