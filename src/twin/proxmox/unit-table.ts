import type { UnitAct, UnitName, UnitState } from "./proxmox-twin.ts";

/** PIDs of daemons lie below those of tasks. */
const FIRST_PID = 700;

/** What systemd says of the units of one node. */
export class UnitTable {
  #nextPid = FIRST_PID;
  #all: Readonly<Record<UnitName, UnitState>> = {
    corosync: this.#running(),
    "pve-cluster": this.#running(),
    "watchdog-mux": this.#running(),
    "pve-ha-crm": { active: "activating", mainPid: 0, frozen: false },
    "pve-ha-lrm": { active: "activating", mainPid: 0, frozen: false },
  };

  get all(): Readonly<Record<UnitName, UnitState>> {
    return this.#all;
  }

  /** A frozen process takes no signal but those that end or thaw it; a request to stop would wait, and is not made. */
  allows(name: UnitName, act: UnitAct): boolean {
    const { active, frozen } = this.#all[name];
    switch (act) {
      case "start":
        return active === "inactive" || active === "failed";
      case "kill":
        return active === "active";
      case "thaw":
        return frozen;
      case "stop":
      case "freeze":
        return active === "active" && !frozen;
    }
  }

  did(name: UnitName, act: UnitAct): void {
    this.#all = { ...this.#all, [name]: this.#after(this.#all[name], act) };
  }

  #after(unit: UnitState, act: UnitAct): UnitState {
    switch (act) {
      case "start":
        return this.#running();
      case "stop":
        return { active: "inactive", mainPid: 0, frozen: false };
      case "kill":
        return { active: "failed", mainPid: 0, frozen: false };
      case "freeze":
        return { ...unit, frozen: true };
      case "thaw":
        return { ...unit, frozen: false };
    }
  }

  #running(): UnitState {
    return { active: "active", mainPid: this.#nextPid++, frozen: false };
  }
}
