import { times, zero } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cluster } from "./cluster.ts";
import { PMXCFS_RETRY } from "./constants.ts";
import { Crm } from "./crm.ts";
import { Lrm } from "./lrm.ts";
import type { UnitAct, UnitName, UnitState } from "./proxmox-twin.ts";
import type { EndReason } from "./shutdown-policy.ts";
import { UnitTable } from "./unit-table.ts";
import type { Watchdog } from "./watchdog.ts";

/** Whether this node's pmxcfs takes part in what corosync hears, and how it stopped doing so. */
export type Taking = "part" | "no part" | "a pause";

interface Hooks {
  /** What it takes in corosync's ring may have changed; `how` the others were told. */
  readonly onCluster: (how: "silently" | "cleanly") => void;
}

/**
 * What runs on a node from one boot to its end, and what systemd does to it. None of PVE's units for HA has a
 * `Restart=`, so that what was killed stays dead; assumed to hold for corosync and pve-cluster as well.
 */
export class Daemons {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #hooks: Hooks;
  readonly #random: Random;
  readonly #units: UnitTable;
  readonly watchdog: Watchdog;
  #crm: Crm | null = null;
  #lrm: Lrm | null = null;
  /** pmxcfs has found the corosync that runs. */
  #isConnected = true;
  #isOver = false;
  /** Told once the unit has ended. */
  readonly #awaited = new Map<UnitName, () => void>();
  /** What a frozen unit will be told when it is thawed. */
  readonly #postponed = new Map<UnitName, () => void>();

  constructor(cluster: Cluster, node: string, watchdog: Watchdog, hooks: Hooks) {
    this.#cluster = cluster;
    this.#node = node;
    this.#hooks = hooks;
    this.watchdog = watchdog;
    this.#random = cluster.simulation.random.fork(`pmxcfs/${node}/${cluster.simulation.now()}`);
    this.#units = new UnitTable();
  }

  get taking(): Taking {
    const { corosync, "pve-cluster": pmxcfs } = this.#units.all;
    const runs = corosync.active === "active" && pmxcfs.active === "active";
    if (!runs || !this.#isConnected) return "no part";
    return corosync.frozen ? "a pause" : "part";
  }

  get areInstalled(): boolean {
    return this.#lrm !== null;
  }

  get crm(): Crm | null {
    return this.#crm;
  }

  unit(name: UnitName): UnitState {
    return this.#units.all[name];
  }

  /** Fresh CRM and LRM; whoever calls starts them. */
  install(): { readonly crm: Crm; readonly lrm: Lrm } {
    return { crm: this.#newCrm(), lrm: this.#newLrm() };
  }

  /** The machine dies under them. */
  end(): void {
    this.#isOver = true;
    this.watchdog.end();
    this.#crm?.end();
    this.#lrm?.end();
  }

  /** systemctl; what is not in a state to be acted on stays as it is. */
  act(name: UnitName, act: UnitAct): void {
    if (!this.#units.allows(name, act)) return;
    switch (name) {
      case "corosync":
        this.#actOnCorosync(act);
        break;
      case "pve-cluster":
        this.#actOnPmxcfs(act);
        break;
      case "pve-ha-crm":
        this.#actOnCrm(act);
        break;
      case "pve-ha-lrm":
        this.#actOnLrm(act);
        break;
      case "watchdog-mux":
        // Asked to stop, it says goodbye to the device only when nobody relies on it.
        this.#units.did(name, act);
        if (act === "kill" || (act === "stop" && this.watchdog.hasClients)) this.watchdog.starve();
    }
  }

  /** Part of the node's own end: calls `then` once pve-ha-lrm has ended, which may be never. */
  endLrm(reason: EndReason, then: () => void): void {
    this.#whenEnded("pve-ha-lrm", then, () => this.#lrm?.stop(reason));
  }

  endCrm(then: () => void): void {
    this.#whenEnded("pve-ha-crm", then, () => this.#crm?.stop());
  }

  #whenEnded(name: UnitName, then: () => void, stop: () => void): void {
    if (this.unit(name).active !== "active") {
      then();
      return;
    }
    this.#awaited.set(name, then);
    if (this.unit(name).frozen) this.#postponed.set(name, stop);
    else stop();
  }

  #ended(name: UnitName, how: "stop" | "kill"): void {
    this.#units.did(name, how);
    const then = this.#awaited.get(name);
    this.#awaited.delete(name);
    then?.();
  }

  #newCrm(): Crm {
    this.#units.did("pve-ha-crm", "start");
    const crm = new Crm(this.#cluster, this.#node, this.watchdog, () => {
      this.#ended("pve-ha-crm", "stop");
    });
    this.#crm = crm;
    return crm;
  }

  #newLrm(): Lrm {
    this.#units.did("pve-ha-lrm", "start");
    const lrm = new Lrm(this.#cluster, this.#node, this.watchdog, () => {
      this.#ended("pve-ha-lrm", "stop");
    });
    this.#lrm = lrm;
    return lrm;
  }

  #actOnCorosync(act: UnitAct): void {
    this.#units.did("corosync", act);
    if (act === "stop" || act === "kill") this.#isConnected = false;
    if (act === "start") this.#connectLater();
    else this.#hooks.onCluster(act === "stop" ? "cleanly" : "silently");
  }

  /** Whatever its pmxcfs does, a node's corosync goes on and tells the others' pmxcfs at once. */
  #actOnPmxcfs(act: UnitAct): void {
    this.#units.did("pve-cluster", act);
    if (act === "freeze") this.#cluster.ring.hold(this.#node);
    else this.#cluster.ring.release(this.#node);
    if (act === "start") this.#isConnected = this.unit("corosync").active === "active";
    this.#hooks.onCluster("cleanly");
  }

  #connectLater(): void {
    const wait = times(PMXCFS_RETRY, this.#random.next());
    this.#cluster.simulation.after(wait, () => {
      if (this.#isOver || this.unit("corosync").active !== "active") return;
      this.#isConnected = true;
      this.#hooks.onCluster("cleanly");
    });
  }

  #actOnCrm(act: UnitAct): void {
    if (act === "start") this.#newCrm().start(zero);
    else if (act === "stop") this.#crm?.stop();
    else this.#signal("pve-ha-crm", act, this.#crm);
  }

  #actOnLrm(act: UnitAct): void {
    if (act === "start") this.#newLrm().start(zero);
    else if (act === "stop") this.#lrm?.stop("service");
    else this.#signal("pve-ha-lrm", act, this.#lrm);
  }

  #signal(name: UnitName, act: "kill" | "freeze" | "thaw", daemon: Crm | Lrm | null): void {
    daemon?.[act]();
    if (act === "kill") {
      this.#ended(name, "kill");
      return;
    }
    this.#units.did(name, act);
    const postponed = this.#postponed.get(name);
    if (act === "freeze" || postponed === undefined) return;
    this.#postponed.delete(name);
    postponed();
  }
}
