import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import { vmidOf } from "./cluster.ts";
import {
  GUEST_SHUTDOWN_MS,
  LRM_CHECK,
  LRM_WORKERS,
  LRM_WORKER_SECONDS,
  ONE_SECOND_SLEEP,
} from "./constants.ts";
import type { NodeProcess, Steps } from "./node-process.ts";
import type { LrmStatus } from "./proxmox-twin.ts";

type Results = LrmStatus["results"];

interface Command {
  readonly sid: string;
  readonly uid: string;
  readonly state: string;
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

  /** Starts what is new, then looks once a second whether all have ended, for up to 8 s. */
  *work(): Steps {
    const { simulation } = this.#cluster;
    const start = simulation.wallSeconds();
    this.#queue();
    while (this.#commands.size > 0) {
      this.#begin();
      yield* this.#process.sleep(ONE_SECOND_SLEEP);
      this.#collect();
      if (simulation.wallSeconds() - start > LRM_WORKER_SECONDS) return;
    }
  }

  /** Commands for services of this node whose present uid has no result yet; stopping is never taken as done. */
  #queue(): void {
    const services = Object.entries(this.#cluster.files.managerStatus.services);
    const mine = services.filter(([, service]) => service.node === this.#process.node);
    const present = new Set(mine.map(([, service]) => service.uid));
    this.#results = new Map([...this.#results].filter(([uid]) => present.has(uid)));
    for (const [sid, { state, uid }] of mine) {
      const isDone = this.#results.has(uid) && state !== "stopped";
      if (!isCommand(state) || isDone || this.#commands.has(sid)) continue;
      this.#commands.set(sid, { sid, uid, state, exitCode: null, begun: false });
    }
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
      this.#results.set(uid, { sid, state, exitCode });
    }
  }

  #execute(command: Command): void {
    const vmid = vmidOf(command.sid);
    const isRunning = this.#cluster.vms.isRunning(vmid);
    if (command.state === "started" && !isRunning) this.#startVm(command, vmid);
    else if (command.state !== "started" && isRunning) this.#stopVm(command, vmid);
    else this.#cluster.simulation.after(LRM_CHECK, () => void (command.exitCode = 0));
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
    const { tasks, vms } = this.#cluster;
    const duration = milliseconds(GUEST_SHUTDOWN_MS);
    const base = ofRoot(this.#process.node, vmid);
    tasks.start({ ...base, type: "qmshutdown", duration }, () => {
      vms.halt(vmid);
      command.exitCode = 0;
      return null;
    });
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

const isCommand = (state: string): boolean =>
  state === "started" || state === "request_stop" || state === "stopped";
