import type { Duration } from "../../base/time.ts";
import { after, sum } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import {
  IDLE_SLEEP,
  LRM_EMPTY_ROUNDS,
  LRM_GIVES_UP_SECONDS,
  LRM_IDLE_COST,
  LRM_LOCK_COST,
  LRM_MAINTENANCE_SECONDS,
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
import { modeAtEnd } from "./shutdown-policy.ts";
import type { EndReason } from "./shutdown-policy.ts";
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
  readonly #onEnd: () => void;
  #state: LrmStatus["state"] = "wait_for_agent_lock";
  #mode: LrmStatus["mode"] = "active";
  #isAskedToEnd = false;

  /** `onEnd` is called when it has ended as it was asked to. */
  constructor(cluster: Cluster, node: string, watchdog: Watchdog, onEnd: () => void) {
    const { simulation, ring, locks } = cluster;
    this.#cluster = cluster;
    this.#node = node;
    this.#watchdog = watchdog;
    this.#onEnd = onEnd;
    this.#process = new NodeProcess(node, simulation, ring);
    this.#lock = new LockClient(this.#process, simulation, locks, agentLock(node));
    this.#workers = new LrmWorkers(cluster, this.#process);
  }

  /** Its first round comes after `wait`. */
  start(wait: Duration): void {
    this.#process.run(this.#main(wait, false), this.#onEnd);
  }

  /** One that has had services for a while, and whose next round is due after `wait`. */
  startActive(lockRenewedWall: number, wait: Duration): void {
    this.#lock.assumeHeld(lockRenewedWall);
    this.#watchdog.update(CLIENT);
    this.#state = "active";
    this.#process.run(this.#main(wait, true), this.#onEnd);
  }

  /** The node dies under it. */
  end(): void {
    this.#process.end();
  }

  /** SIGKILL: its watchdog, if it is open, is closed without a goodbye. */
  kill(): void {
    this.#process.end();
    this.#watchdog.abandon(CLIENT);
  }

  freeze(): void {
    this.#process.freeze();
  }

  thaw(): void {
    this.#process.thaw();
  }

  /** SIGTERM: one without services ends at once, any other when it may do so without harm; nobody hurries it. */
  stop(reason: EndReason): void {
    if (this.#isAskedToEnd) return;
    this.#isAskedToEnd = true;
    this.#mode = modeAtEnd(reason, this.#cluster.settings.shutdown_policy);
    if (reason !== "service" && this.#mode !== "maintenance") this.#workers.stopAll();
    this.#cluster.ring.write(
      this.#node,
      () => {
        this.#writeStatus();
      },
      () => undefined,
    );
    this.#process.interrupt();
  }

  *#main(wait: Duration, isActive: boolean): Steps {
    yield* this.#process.sleep(wait);
    if (isActive) this.#cluster.simulation.truth("lrm-round", this.#node, "active");
    for (let holdsLock = isActive && (yield* this.#renew()); ; holdsLock = false) {
      if (!holdsLock && (yield* this.#idle()) === "ended") return;
      for (;;) {
        const end = yield* this.#active();
        if (end === "ended") return;
        if (end === "idle") break;
        if ((yield* this.#regain()) === "ended") return;
      }
    }
  }

  /** Until there is something to do and the agent lock is held. */
  *#idle(): Steps<"got" | "ended"> {
    for (;;) {
      this.#cluster.simulation.truth("lrm-round", this.#node, "idle");
      this.#readRequests();
      if (this.#mayHoldLock() && this.#activeServices() > 0) {
        if (yield* this.#lock.tryPersistently()) return "got";
      }
      if (this.#isAskedToEnd) return "ended";
      yield* this.#become("wait_for_agent_lock");
      const { simulation } = this.#cluster;
      const next = after(simulation.now(), sum(IDLE_SLEEP, LRM_IDLE_COST));
      yield* this.#process.sleepInterruptibly(next);
    }
  }

  /** Rounds of 10 s (5 s in maintenance) under the lock just taken, until it is lost or not needed any more. */
  *#active(): Steps<"lost" | "idle" | "ended"> {
    const { simulation } = this.#cluster;
    let emptyRounds = 0;
    let state: "active" | "maintenance" = "active";
    this.#watchdog.update(CLIENT);
    yield* this.#become(state);
    for (;;) {
      yield* this.#process.sleep(LRM_LOCK_COST);
      const start = simulation.wallSeconds();
      yield* this.#process.sleep(LRM_WORK_COST);
      this.#readRequests();
      yield* this.#workers.work(!this.#isAskedToEnd || this.#mode === "maintenance");
      const ended = this.#mayEnd(state);
      if (ended) yield* this.#letGo();
      yield* this.#process.sleep(LRM_STATUS_COST);
      yield* this.#become(state);
      if (ended) return "ended";
      const period = state === "active" ? ROUND_SECONDS : LRM_MAINTENANCE_SECONDS;
      yield* this.#process.sleepUntil(start + period);
      simulation.truth("lrm-round", this.#node, state);
      if (!(yield* this.#renew())) return "lost";
      state = this.#mode === "maintenance" ? "maintenance" : "active";
      emptyRounds = this.#activeServices() > 0 ? 0 : emptyRounds + 1;
      if (emptyRounds > LRM_EMPTY_ROUNDS && state === "active" && !this.#isAskedToEnd) break;
    }
    yield* this.#letGo();
    return "idle";
  }

  /** False when its lock is lost, or it has to give it up. */
  *#renew(): Steps<boolean> {
    if (this.#isFenceRequested() || !(yield* this.#lock.tryPersistently())) return false;
    this.#watchdog.update(CLIENT);
    return true;
  }

  /** The lock is lost while the watchdog runs: it is got back in time, or the node is reset. */
  *#regain(): Steps<"got" | "ended"> {
    const lostAt = this.#cluster.simulation.wallSeconds();
    yield* this.#become("lost_agent_lock");
    for (;;) {
      if (this.#mayHoldLock() && (yield* this.#lock.tryPersistently())) return "got";
      if (this.#isAskedToEnd) {
        if (this.#activeServices() === 0) {
          this.#watchdog.close(CLIENT);
          return "ended";
        }
        const lostFor = this.#cluster.simulation.wallSeconds() - lostAt;
        if (this.#mode === "restart" && lostFor > LRM_GIVES_UP_SECONDS) return "ended";
      }
      yield* this.#process.sleep(IDLE_SLEEP);
    }
  }

  /** The node is not protected any more, and whoever wants its lock can have it. */
  *#letGo(): Steps {
    this.#watchdog.close(CLIENT);
    yield* this.#process.write(() => {
      this.#lock.release();
    });
  }

  /**
   * Asked to end, and nothing stands in the way. To restart, all its services have to be frozen by the CRM; for a
   * shutdown all have to be stopped; to leave for maintenance all have to be moved away.
   */
  #mayEnd(state: "active" | "maintenance"): boolean {
    if (!this.#isAskedToEnd || !this.#workers.areDone) return false;
    if (this.#mode === "shutdown") return true;
    if (this.#mode === "maintenance" && state !== "maintenance") return false;
    return this.#activeServices() === 0;
  }

  /** Whether somebody asked for maintenance of this node, through the CRM. */
  #readRequests(): void {
    if (this.#isAskedToEnd) return;
    const { maintenanceRequests } = this.#cluster.files.on(this.#node).managerStatus;
    this.#mode = maintenanceRequests.includes(this.#node) ? "maintenance" : "active";
  }

  *#become(state: LrmStatus["state"]): Steps {
    if (state !== this.#state) this.#cluster.simulation.truth(`lrm-${state}`, this.#node);
    this.#state = state;
    yield* this.#process.write(() => {
      this.#writeStatus();
    });
  }

  #writeStatus(): void {
    this.#cluster.files.lrmStatus.set(this.#node, {
      state: this.#state,
      mode: this.#mode,
      wallSeconds: this.#cluster.simulation.wallSeconds(),
      results: this.#workers.results,
    });
  }

  #mayHoldLock(): boolean {
    return this.#cluster.ring.quorateOn(this.#node) && !this.#isFenceRequested();
  }

  /** A node that came back while it is being fenced keeps still until that is done. */
  #isFenceRequested(): boolean {
    return this.#mine().some((service) => service.state === "fence");
  }

  #activeServices(): number {
    return this.#mine().filter((service) => !PASSIVE.has(service.state)).length;
  }

  #mine(): readonly { readonly state: string }[] {
    const { services } = this.#cluster.files.on(this.#node).managerStatus;
    return Object.values(services).filter((service) => service.node === this.#node);
  }
}
