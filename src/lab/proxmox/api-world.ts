import { orAborted } from "../../base/abort.ts";
import type { Instant } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ProxmoxTwin, VmState } from "../../twin/proxmox/proxmox-twin.ts";
import type { TwinTime } from "../lab-cluster.ts";
import type { Accounts } from "./accounts.ts";
import { ApiError } from "./api-error.ts";
import type { Sessions } from "./sessions.ts";
import type { Statistics } from "./statistics.ts";

/** All that the API of one lab cluster answers from. What the twin knows is read from the twin, every time. */
export interface ApiWorld {
  readonly twin: ProxmoxTwin;
  readonly twinTime: TwinTime;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly statistics: Statistics;
  readonly nodes: ReadonlyMap<string, NodeIdentity>;
  readonly authorityPem: string;
  readonly pools: Map<string, Pool>;
  /** Nodes whose API service is stopped while they live: their port refuses. */
  readonly stoppedApis: ReadonlySet<string>;
  /** Since when a node has not been reached: it is not up, or its public link is down. */
  downSince(node: string): Instant | null;
  /** The address of a VM's guest; null before it first booted. */
  guestAddress(vmid: number): string | null;
  /** False while somebody keeps all VNC servers stopped. */
  vncWorks(): boolean;
  /** Aborted when the lab closes. */
  readonly closing: AbortSignal;
}

export interface NodeIdentity {
  readonly name: string;
  readonly id: number;
  readonly address: string;
  /** SHA-256 of its API certificate, `AA:BB:...`. */
  readonly fingerprint: string;
}

export interface Pool {
  readonly comment: string | null;
  readonly members: ReadonlySet<number>;
}

/** Does `operation` on pmxcfs from `node`; it waits while the ring re-forms, and forever when the node dies. */
export async function write<T>(world: ApiWorld, node: string, operation: () => T): Promise<T> {
  world.twinTime.catchUp();
  const written = new Promise<T>((resolve, reject) => {
    world.twin.write(node, operation, (outcome) => {
      if (outcome.kind === "done") resolve(outcome.value);
      else reject(outcome.error);
    });
  });
  return await orAborted(written, world.closing);
}

/** The VM whose configuration lies on `node` as `reader` sees it, or PVE's complaint that it does not. */
export function vmOn(world: ApiWorld, node: string, vmid: string, reader = node): VmState {
  const vm = world.twin
    .vms(reader)
    .find((each) => String(each.vmid) === vmid && each.node === node);
  if (vm === undefined) {
    throw new ApiError(
      500,
      `Configuration file 'nodes/${node}/qemu-server/${vmid}.conf' does not exist`,
    );
  }
  return vm;
}

export const isRunning = (vm: VmState): boolean => vm.guest.phase !== "off";
