import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, inMs } from "../../base/time.ts";
import { TASKS_REMEMBERED } from "./constants.ts";
import type { TaskState } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";

interface NewTask {
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly user: string;
  readonly log?: string;
}

/** A task that goes on until it is told how it ended: null when all went well, else what went wrong. */
export interface OpenTask {
  readonly state: TaskState;
  end(failure: string | null): void;
}

interface NodeProcesses {
  bootedAt: Instant;
  nextPid: number;
  /** Grows at each death, so that what an earlier life began never ends. */
  life: number;
}

/** A task's work when its time has come: null when all went well, else what went wrong. */
type TaskEnd = () => string | null;

const FIRST_PID = 1000;
/** pstart counts jiffies of 10 ms since the node's boot. */
const JIFFY_MS = 10;

/** The worker tasks of all nodes, as /cluster/tasks lists them; a dead node never ends its tasks. */
export class Tasks {
  readonly #simulation: Simulation;
  readonly #nodes = new Map<string, NodeProcesses>();
  readonly #tasks = new Map<string, TaskState>();

  constructor(simulation: Simulation, nodes: readonly string[]) {
    this.#simulation = simulation;
    for (const node of nodes) {
      this.#nodes.set(node, { bootedAt: simulation.now(), nextPid: FIRST_PID, life: 0 });
    }
  }

  list(): readonly TaskState[] {
    return [...this.#tasks.values()];
  }

  /** Starts a task; `end` does its work after its duration and names its failure. */
  start(task: NewTask & { readonly duration: Duration }, end: TaskEnd = () => null): TaskState {
    const processes = this.#processesOf(task.node);
    const { life } = processes;
    const open = this.open(task);
    this.#simulation.after(task.duration, () => {
      if (processes.life === life) open.end(end());
    });
    return open.state;
  }

  /** Starts a task of unknown length. Nothing ends it any more once its node has died. */
  open(task: NewTask): OpenTask {
    const processes = this.#processesOf(task.node);
    const { life } = processes;
    const state = this.#describe(task, processes.bootedAt);
    this.#tasks.set(state.upid, state);
    this.#forgetOldest();
    const end = (failure: string | null): void => {
      if (processes.life === life) this.#ended(state, failure);
    };
    return { state, end };
  }

  nextPid(node: string): number {
    return this.#processesOf(node).nextPid++;
  }

  nodeDied(node: string): void {
    this.#processesOf(node).life++;
  }

  nodeBooted(node: string): void {
    const processes = this.#processesOf(node);
    processes.bootedAt = this.#simulation.now();
    processes.nextPid = FIRST_PID;
  }

  #describe(task: NewTask, bootedAt: Instant): TaskState {
    const pid = this.nextPid(task.node);
    const pstart = Math.floor(inMs(between(bootedAt, this.#simulation.now())) / JIFFY_MS);
    const startWallSeconds = this.#simulation.wallSeconds();
    const numbers = [pid, pstart, startWallSeconds].map(hexadecimal).join(":");
    return {
      upid: `UPID:${task.node}:${numbers}:${task.type}:${task.id}:${task.user}:`,
      node: task.node,
      type: task.type,
      id: task.id,
      user: task.user,
      pid,
      pstart,
      startWallSeconds,
      endWallSeconds: null,
      exitStatus: null,
      log: task.log === undefined ? [] : [task.log],
    };
  }

  #ended(task: TaskState, failure: string | null): void {
    const last = failure === null ? "TASK OK" : `TASK ERROR: ${failure}`;
    this.#tasks.set(task.upid, {
      ...task,
      endWallSeconds: this.#simulation.wallSeconds(),
      exitStatus: failure ?? "OK",
      log: [...task.log, last],
    });
  }

  #forgetOldest(): void {
    if (this.#tasks.size <= TASKS_REMEMBERED) return;
    for (const [upid] of this.#tasks) {
      this.#tasks.delete(upid);
      return;
    }
  }

  #processesOf(node: string): NodeProcesses {
    return present(this.#nodes.get(node), `node ${node}`);
  }
}

const hexadecimal = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");
