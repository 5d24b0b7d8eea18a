import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import { vmidOf } from "./cluster.ts";
import {
  GUEST_SHUTDOWN_MS,
  LRM_CHECK,
  LRM_WORKERS,
  LRM_WORKER_SECONDS,
  ONE_SECOND_SLEEP,
  WRONG_NODE,
} from "./constants.ts";
import { migrateVm } from "./migration.ts";
import type { NodeProcess, Steps } from "./node-process.ts";
import type { LrmStatus } from "./proxmox-twin.ts";

type Results = LrmStatus["results"];

interface Command {
  readonly sid: string;
  /** Null for what the LRM does at its own shutdown: the CRM waits for no result of it. */
  readonly uid: string | null;
  readonly state: string;
  readonly target: string | null;
  exitCode: number | null;
  begun: boolean;
}

/** The workers of one LRM: at most four at a time, each brings one service to the state that the CRM asks for. */
export class LrmWorkers {
  readonly #cluster: Cluster;
  readonly #process: NodeProcess;
  readonly #commands = new Map<string, Command>();
  #results = new Map<string, Results[string]>();

  constructor(cluster: Cluster, process: NodeProcess) {
    this.#cluster = cluster;
    this.#process = process;
  }

  get results(): Results {
    return Object.fromEntries(this.#results);
  }

  get areDone(): boolean {
    return this.#commands.size === 0;
  }

  /** The node shuts down: each of its services is stopped, whatever the CRM wants of it. */
  stopAll(): void {
    for (const sid of this.#mine().keys()) {
      this.#put({ sid, uid: null, state: "request_stop", target: null });
    }
  }

  /** Starts what is new, then looks once a second whether all have ended, for up to 8 s. */
  *work(takesOrders: boolean): Steps {
    const { simulation } = this.#cluster;
    const start = simulation.wallSeconds();
    if (takesOrders) this.#queue();
    while (this.#commands.size > 0) {
      this.#begin();
      yield* this.#process.sleep(ONE_SECOND_SLEEP);
      this.#collect();
      if (simulation.wallSeconds() - start > LRM_WORKER_SECONDS) return;
    }
  }

  /** Commands for services of this node whose present uid has no result yet; stopping is never taken as done. */
  #queue(): void {
    const mine = this.#mine();
    const present = new Set([...mine.values()].map((service) => service.uid));
    this.#results = new Map([...this.#results].filter(([uid]) => present.has(uid)));
    for (const [sid, { state, uid, target }] of mine) {
      const isDone = this.#results.has(uid) && state !== "stopped";
      if (COMMANDS.has(state) && !isDone) this.#put({ sid, uid, state, target });
    }
  }

  /** A newer command takes the place of one that was not begun. */
  #put(command: Pick<Command, "sid" | "uid" | "state" | "target">): void {
    if (this.#commands.get(command.sid)?.begun === true) return;
    this.#commands.set(command.sid, { ...command, exitCode: null, begun: false });
  }

  #begin(): void {
    const commands = [...this.#commands.values()];
    let free = LRM_WORKERS - commands.filter((each) => each.begun).length;
    for (const command of commands) {
      if (command.begun || free === 0) continue;
      free--;
      command.begun = true;
      this.#execute(command);
    }
  }

  #collect(): void {
    for (const { sid, uid, state, exitCode } of this.#commands.values()) {
      if (exitCode === null) continue;
      this.#commands.delete(sid);
      if (uid !== null) this.#results.set(uid, { sid, state, exitCode });
    }
  }

  #execute(command: Command): void {
    const vmid = vmidOf(command.sid);
    const { vms, simulation } = this.#cluster;
    const { node } = this.#process;
    const isRunning = vms.isRunningOn(vmid, node);
    const report = (exitCode: number): void => {
      simulation.after(LRM_CHECK, () => void (command.exitCode = exitCode));
    };
    if (vms.find(vmid)?.node !== node) report(WRONG_NODE);
    else if (command.target !== null) this.#moveVm(command, vmid, command.target);
    else if (command.state === "started" && !isRunning) this.#startVm(command, vmid);
    else if (command.state !== "started" && isRunning) this.#stopVm(command, vmid);
    else report(0);
  }

  #startVm(command: Command, vmid: number): void {
    const { tasks, vms, settings } = this.#cluster;
    const { node } = this.#process;
    const vm = vms.find(vmid);
    const canStart = vm?.node === node && vm.config["lock"] === undefined && !vm.template;
    const duration = milliseconds(settings.assumed.qemu_start_ms);
    const task = tasks.start({ ...ofRoot(node, vmid), type: "qmstart", duration }, () => {
      command.exitCode = canStart ? 0 : 1;
      return canStart ? null : "start failed";
    });
    if (canStart) vms.boot(vmid, task.pid);
  }

  #stopVm(command: Command, vmid: number): void {
    this.#shutDownGuest(vmid, () => void (command.exitCode = 0));
  }

  /** A relocation ends the guest first, so that only its configuration has to move. */
  #moveVm(command: Command, vmid: number, target: string): void {
    const { vms } = this.#cluster;
    const { node } = this.#process;
    const move = (): void => {
      migrateVm(this.#cluster, { vmid, source: node, target, user: "root@pam" }, (moved) => {
        command.exitCode = moved ? 0 : 1;
      });
    };
    const isCold = command.state === "relocate" && vms.isRunningOn(vmid, node);
    if (isCold) this.#shutDownGuest(vmid, move);
    else move();
  }

  #shutDownGuest(vmid: number, then: () => void): void {
    const { tasks, vms } = this.#cluster;
    const { node } = this.#process;
    const duration = milliseconds(GUEST_SHUTDOWN_MS);
    tasks.start({ ...ofRoot(node, vmid), type: "qmshutdown", duration }, () => {
      if (vms.isRunningOn(vmid, node)) vms.halt(vmid);
      then();
      return null;
    });
  }

  #mine(): ReadonlyMap<string, { uid: string; state: string; target: string | null }> {
    const { node } = this.#process;
    const { services } = this.#cluster.files.on(node).managerStatus;
    return new Map(Object.entries(services).filter(([, service]) => service.node === node));
  }
}

const ofRoot = (
  node: string,
  vmid: number,
): { readonly node: string; readonly id: string; readonly user: string } => ({
  node,
  id: String(vmid),
  user: "root@pam",
});

const COMMANDS: ReadonlySet<string> = new Set([
  "started",
  "request_stop",
  "stopped",
  "migrate",
  "relocate",
]);
