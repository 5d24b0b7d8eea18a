import { present } from "../../base/assert.ts";
import { milliseconds } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cluster, Hosts } from "./cluster.ts";
import { DAEMON_START_MS } from "./constants.ts";
import type { Formation } from "./corosync-ring.ts";
import type { LinkName } from "./links.ts";
import { Machine } from "./machine.ts";
import type { HostState } from "./proxmox-twin.ts";

/** All nodes as hardware, and what happens on each when the ring changes. */
export class Machines implements Hosts {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #machines: ReadonlyMap<string, Machine>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#random = cluster.simulation.random.fork("machines");
    this.#machines = new Map(
      cluster.nodes.map((node) => [node, new Machine(cluster, node, this.#random)]),
    );
  }

  get(node: string): Machine {
    return present(this.#machines.get(node), `node ${node}`);
  }

  stateOf(node: string): HostState {
    return this.get(node).state;
  }

  connected(one: string, other: string, link: LinkName): boolean {
    return [one, other].every((node) => {
      const machine = this.get(node);
      return machine.state === "up" && machine.isLinkUp(link);
    });
  }

  ringFormed(formation: Formation): void {
    const { ring } = this.#cluster;
    for (const [node, machine] of this.#machines) {
      if (ring.isInside(node)) machine.daemons?.crm?.ringFormed(formation);
    }
    for (const node of formation.joined) {
      const machine = this.get(node);
      if (machine.daemons !== null) continue;
      const { crm, lrm } = machine.install();
      const { from, to } = DAEMON_START_MS;
      crm.start(milliseconds(from + (to - from) * this.#random.next()));
      lrm.start(milliseconds(from + (to - from) * this.#random.next()));
    }
  }

  /** A node outside the ring knows now that it is alone. */
  ringLost(node: string): void {
    const frozenFrom = this.#cluster.simulation.now();
    this.get(node).daemons?.crm?.ringFormed({ frozenFrom, joined: [] });
  }

  managerLockFree(): void {
    for (const machine of this.#machines.values()) machine.daemons?.crm?.managerLockFree();
  }
}
