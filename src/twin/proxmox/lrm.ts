import type { Duration } from "../../base/time.ts";
import { sum } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import {
  IDLE_SLEEP,
  LRM_EMPTY_ROUNDS,
  LRM_IDLE_COST,
  LRM_LOCK_COST,
  LRM_STATUS_COST,
  LRM_WORK_COST,
  ROUND_SECONDS,
} from "./constants.ts";
import { LockClient } from "./lock-client.ts";
import { LrmWorkers } from "./lrm-workers.ts";
import { NodeProcess } from "./node-process.ts";
import type { Steps } from "./node-process.ts";
import { agentLock } from "./pmxcfs-locks.ts";
import type { LrmStatus } from "./proxmox-twin.ts";
import type { Watchdog } from "./watchdog.ts";

const CLIENT = "lrm";

/** Services in these states are nothing to hold the agent lock for. */
const PASSIVE = new Set(["stopped", "error", "freeze"]);

/** pve-ha-lrm of one node: idle without services; else it holds its agent lock and does what the CRM asks for. */
export class Lrm {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #watchdog: Watchdog;
  readonly #process: NodeProcess;
  readonly #lock: LockClient;
  readonly #workers: LrmWorkers;
  #state: LrmStatus["state"] = "wait_for_agent_lock";

  constructor(cluster: Cluster, node: string, watchdog: Watchdog) {
    const { simulation, ring, locks } = cluster;
    this.#cluster = cluster;
    this.#node = node;
    this.#watchdog = watchdog;
    this.#process = new NodeProcess(node, simulation, ring);
    this.#lock = new LockClient(this.#process, simulation, locks, agentLock(node));
    this.#workers = new LrmWorkers(cluster, this.#process);
  }

  /** Its first round comes after `wait`. */
  start(wait: Duration): void {
    this.#process.run(this.#main(wait));
  }

  end(): void {
    this.#process.end();
  }

  *#main(wait: Duration): Steps {
    yield* this.#process.sleep(wait);
    for (;;) {
      yield* this.#idle();
      while ((yield* this.#active()) === "lost") yield* this.#regain();
    }
  }

  /** Until there is something to do and the agent lock is held. */
  *#idle(): Steps {
    for (;;) {
      this.#cluster.simulation.truth("lrm-round", this.#node, "idle");
      if (this.#mayHoldLock() && this.#activeServices() > 0) {
        if (yield* this.#lock.tryPersistently()) return;
      }
      yield* this.#become("wait_for_agent_lock");
      yield* this.#process.sleep(sum(IDLE_SLEEP, LRM_IDLE_COST));
    }
  }

  /** Rounds of 10 s under the lock just taken, until it is lost or there was nothing to do for long. */
  *#active(): Steps<"lost" | "idle"> {
    const { simulation } = this.#cluster;
    let emptyRounds = 0;
    this.#watchdog.update(CLIENT);
    yield* this.#become("active");
    for (;;) {
      yield* this.#process.sleep(LRM_LOCK_COST);
      const start = simulation.wallSeconds();
      yield* this.#process.sleep(LRM_WORK_COST);
      yield* this.#workers.work();
      yield* this.#process.sleep(LRM_STATUS_COST);
      yield* this.#become("active");
      yield* this.#process.sleepUntil(start + ROUND_SECONDS);
      simulation.truth("lrm-round", this.#node, "active");
      if (this.#isFenceRequested()) return "lost";
      if (!(yield* this.#lock.tryPersistently())) return "lost";
      this.#watchdog.update(CLIENT);
      emptyRounds = this.#activeServices() > 0 ? 0 : emptyRounds + 1;
      if (emptyRounds > LRM_EMPTY_ROUNDS) break;
    }
    this.#watchdog.close(CLIENT);
    this.#lock.release();
    return "idle";
  }

  /** The lock is lost while the watchdog runs: it is got back in time, or the node is reset. */
  *#regain(): Steps {
    yield* this.#become("lost_agent_lock");
    for (;;) {
      if (this.#mayHoldLock() && (yield* this.#lock.tryPersistently())) return;
      yield* this.#process.sleep(IDLE_SLEEP);
    }
  }

  *#become(state: LrmStatus["state"]): Steps {
    if (state !== this.#state) this.#cluster.simulation.truth(`lrm-${state}`, this.#node);
    this.#state = state;
    yield* this.#process.write(() => {
      this.#cluster.files.lrmStatus.set(this.#node, {
        state,
        mode: "active",
        wallSeconds: this.#cluster.simulation.wallSeconds(),
        results: this.#workers.results,
      });
    });
  }

  #mayHoldLock(): boolean {
    return this.#cluster.ring.quorate && !this.#isFenceRequested();
  }

  /** A node that came back while it is being fenced keeps still until that is done. */
  #isFenceRequested(): boolean {
    return this.#mine().some((service) => service.state === "fence");
  }

  #activeServices(): number {
    return this.#mine().filter((service) => !PASSIVE.has(service.state)).length;
  }

  #mine(): readonly { readonly state: string }[] {
    const { services } = this.#cluster.files.managerStatus;
    return Object.values(services).filter((service) => service.node === this.#node);
  }
}
