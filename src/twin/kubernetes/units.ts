import { milliseconds } from "../../base/time.ts";
import type { Cancel, Scheduler } from "../../contracts/scheduler.ts";

export interface UnitState {
  readonly active: "active" | "inactive" | "activating";
  /** 0 when it has no process. */
  readonly mainPid: number;
  /** Stopped by SIGSTOP: active, and it does nothing. */
  readonly frozen: boolean;
}

/** `kill`: SIGKILL to the main process. `freeze` and `thaw`: SIGSTOP and SIGCONT to all of its processes. */
export type UnitAct = "stop" | "start" | "kill" | "freeze" | "thaw";

/** What became of a unit's main process. */
export type ProcessChange = "started" | "ended" | "frozen" | "thawed";

/** `Restart=always` and `RestartSec=` of kubeadm's kubelet.service, and of containerd's own. */
const RESTART_MS: Readonly<Record<string, number>> = { kubelet: 10_000, containerd: 5000 };
/** As of a machine that has booted a while ago. */
const FIRST_PID = 612;

type Changed = (unit: string, change: ProcessChange) => void;

/**
 * The service manager of one node, as far as units of its cluster go. SSH is there and active; it is not acted on, since
 * whoever asks came through it.
 */
export class Units {
  readonly #units: ReadonlyMap<string, Unit>;
  #pids = FIRST_PID;

  constructor(scheduler: Scheduler, changed: Changed) {
    const newPid = (): number => (this.#pids += 7);
    this.#units = new Map(
      Object.entries(RESTART_MS).map(([name, restartMs]) => [
        name,
        new Unit({ scheduler, restartMs, newPid, changed: (change) => changed(name, change) }),
      ]),
    );
  }

  state(name: string): UnitState | null {
    if (name === "ssh") return { active: "active", mainPid: FIRST_PID, frozen: false };
    return this.#units.get(name)?.state ?? null;
  }

  /** Its process is there and answers. */
  works(name: string): boolean {
    const state = this.#units.get(name)?.state;
    return state?.active === "active" && !state.frozen;
  }

  act(name: string, act: UnitAct): void {
    this.#units.get(name)?.act(act);
  }

  /** The operating system ends: every unit is stopped. */
  stopAll(): void {
    for (const unit of this.#units.values()) unit.act("stop");
  }

  /** All units are enabled: after a boot they run again. Nobody is told, since the boot says it. */
  boot(): void {
    for (const unit of this.#units.values()) unit.boot();
  }
}

interface UnitWorld {
  readonly scheduler: Scheduler;
  readonly restartMs: number;
  readonly newPid: () => number;
  readonly changed: (change: ProcessChange) => void;
}

class Unit {
  readonly #world: UnitWorld;
  #state: UnitState;
  #restart: Cancel | null = null;

  constructor(world: UnitWorld) {
    this.#world = world;
    this.#state = { active: "active", mainPid: world.newPid(), frozen: false };
  }

  get state(): UnitState {
    return this.#state;
  }

  boot(): void {
    this.#restart?.();
    this.#state = { active: "active", mainPid: this.#world.newPid(), frozen: false };
  }

  act(act: UnitAct): void {
    switch (act) {
      case "start":
        this.#start();
        return;
      case "stop":
        // systemd sends SIGCONT after SIGTERM, so that a frozen process ends as well.
        this.#end("inactive");
        return;
      case "kill":
        this.#kill();
        return;
      case "freeze":
      case "thaw":
        this.#freeze(act === "freeze");
        return;
    }
  }

  #start(): void {
    if (this.#state.active === "active") return;
    this.#restart?.();
    this.#state = { active: "active", mainPid: this.#world.newPid(), frozen: false };
    this.#world.changed("started");
  }

  #kill(): void {
    if (this.#state.mainPid === 0) return;
    this.#end("activating");
    const { scheduler, restartMs } = this.#world;
    this.#restart = scheduler.after(milliseconds(restartMs), () => this.#start());
  }

  #end(active: "inactive" | "activating"): void {
    this.#restart?.();
    const hadProcess = this.#state.mainPid !== 0;
    this.#state = { active, mainPid: 0, frozen: false };
    if (hadProcess) this.#world.changed("ended");
  }

  #freeze(frozen: boolean): void {
    if (this.#state.mainPid === 0 || this.#state.frozen === frozen) return;
    this.#state = { ...this.#state, frozen };
    this.#world.changed(frozen ? "frozen" : "thawed");
  }
}
