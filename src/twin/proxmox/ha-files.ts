import type { HaResource, LrmStatus, ManagerStatus, VmState } from "./proxmox-twin.ts";

/** The files of PVE HA on pmxcfs, as one side of a partition reads them. */
export interface HaView {
  readonly managerStatus: ManagerStatus;
  readonly lrmStatus: ReadonlyMap<string, LrmStatus>;
  readonly resources: ReadonlyMap<string, HaResource>;
}

/** What somebody asked the CRM master for: a line of /etc/pve/ha/crm_commands. */
export type CrmCommand =
  | { readonly kind: "migrate" | "relocate"; readonly sid: string; readonly target: string }
  | { readonly kind: "maintenance"; readonly node: string; readonly enabled: boolean };

type OldView = HaView & { readonly vms: readonly VmState[] };

/**
 * The files themselves, the same on all members of the ring. A node that has left it goes on reading what it had then: a
 * write would have needed it, so that nothing changes between its leaving and the next membership.
 */
export class HaFiles implements HaView {
  managerStatus: ManagerStatus = {
    master: null,
    wallSeconds: 0,
    nodes: {},
    services: {},
    maintenanceRequests: [],
    maintenanceHomes: {},
  };
  readonly lrmStatus = new Map<string, LrmStatus>();
  readonly resources = new Map<string, HaResource>();
  /** In the order in which they were asked for; the master takes them all in its next round. */
  commands: readonly CrmCommand[] = [];
  readonly #old = new Map<string, OldView>();

  /** As `node` reads them. */
  on(node: string): HaView {
    return this.#old.get(node) ?? this;
  }

  /** The VMs whose configurations `node` reads, if it does not read the present ones. */
  oldVmsOn(node: string): readonly VmState[] | null {
    return this.#old.get(node)?.vms ?? null;
  }

  left(node: string, vms: readonly VmState[]): void {
    if (this.#old.has(node)) return;
    const { managerStatus, lrmStatus, resources } = this;
    this.#old.set(node, {
      managerStatus,
      lrmStatus: new Map(lrmStatus),
      resources: new Map(resources),
      vms: [...vms],
    });
  }

  returned(node: string): void {
    this.#old.delete(node);
  }
}
