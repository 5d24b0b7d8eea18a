import { present } from "../../base/assert.ts";
import type { Duration } from "../../base/time.ts";
import { after, milliseconds, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { Cluster } from "./cluster.ts";
import { DAEMON_START_MS, WATCHDOG_LOOK } from "./constants.ts";
import type { Formation } from "./corosync-ring.ts";
import { Crm } from "./crm.ts";
import { Lrm } from "./lrm.ts";
import type { HostState } from "./proxmox-twin.ts";
import { Watchdog } from "./watchdog.ts";

/** What runs on a node that is up and has joined. */
interface Software {
  readonly watchdog: Watchdog;
  readonly crm: Crm;
  readonly lrm: Lrm;
}

interface Machine {
  state: HostState;
  boot: Cancel | null;
  software: Software | null;
}

/** The nodes as hardware, and what dies and starts with them. */
export class Machines {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #machines: ReadonlyMap<string, Machine>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#random = cluster.simulation.random.fork("machines");
    this.#machines = new Map(
      cluster.nodes.map((node) => [node, { state: "up", boot: null, software: null }]),
    );
  }

  stateOf(node: string): HostState {
    return this.#machine(node).state;
  }

  /** Fresh daemons for a node; whoever calls starts them. */
  install(node: string): Software {
    const { simulation } = this.#cluster;
    const phase = after(simulation.now(), this.#upTo(WATCHDOG_LOOK));
    const watchdog = new Watchdog(simulation, node, phase, () => {
      this.reset(node);
    });
    const software = {
      watchdog,
      crm: new Crm(this.#cluster, node, watchdog),
      lrm: new Lrm(this.#cluster, node, watchdog),
    };
    this.#machine(node).software = software;
    return software;
  }

  powerOff(node: string): void {
    if (this.stateOf(node) === "off") return;
    this.#become(node, "off");
    this.#die(node);
  }

  powerOn(node: string): void {
    if (this.stateOf(node) !== "off") return;
    this.#become(node, "booting");
    const wait = milliseconds(this.#cluster.settings.assumed.node_boot_ms);
    this.#machine(node).boot = this.#cluster.simulation.after(wait, () => {
      this.#cluster.tasks.nodeBooted(node);
      this.#become(node, "up");
      this.#cluster.ring.joined(node);
    });
  }

  reset(node: string): void {
    if (this.stateOf(node) === "off") return;
    this.powerOff(node);
    this.powerOn(node);
  }

  panic(node: string): void {
    const state = this.stateOf(node);
    if (state === "off" || state === "hung") return;
    this.#become(node, "hung");
    this.#die(node);
  }

  ringFormed(formation: Formation): void {
    for (const { software } of this.#machines.values()) software?.crm.ringFormed(formation);
    for (const node of formation.restarted) {
      const { crm, lrm } = this.install(node);
      const { from, to } = DAEMON_START_MS;
      crm.start(milliseconds(from + (to - from) * this.#random.next()));
      lrm.start(milliseconds(from + (to - from) * this.#random.next()));
    }
  }

  managerLockFree(): void {
    for (const { software } of this.#machines.values()) software?.crm.managerLockFree();
  }

  #die(node: string): void {
    const machine = this.#machine(node);
    machine.boot?.();
    machine.boot = null;
    machine.software?.watchdog.end();
    machine.software?.crm.end();
    machine.software?.lrm.end();
    machine.software = null;
    this.#cluster.tasks.nodeDied(node);
    this.#cluster.ring.died(node);
    this.#cluster.vms.nodeDied(node);
  }

  #become(node: string, state: HostState): void {
    this.#machine(node).state = state;
    this.#cluster.simulation.host(node, state);
  }

  #machine(node: string): Machine {
    return present(this.#machines.get(node), `node ${node}`);
  }

  #upTo(longest: Duration): Duration {
    return times(longest, this.#random.next());
  }
}
