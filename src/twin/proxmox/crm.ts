import type { Duration, Instant } from "../../base/time.ts";
import { after, before, between, later, nanoseconds, times, zero } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cluster } from "./cluster.ts";
import {
  CRM_EMPTY_ROUNDS,
  CRM_FLUSH_COST,
  CRM_LOCK_COST,
  CRM_PASS_COST,
  CRM_SLAVE_ENDS,
  IDLE_SLEEP,
  ONE_SECOND_SLEEP,
  ROUND_SECONDS,
} from "./constants.ts";
import type { Formation } from "./corosync-ring.ts";
import { LockClient } from "./lock-client.ts";
import { Manager } from "./manager.ts";
import { NodeProcess } from "./node-process.ts";
import type { Steps } from "./node-process.ts";
import { MANAGER_LOCK } from "./pmxcfs-locks.ts";
import type { Watchdog } from "./watchdog.ts";

const CLIENT = "crm";

/** A round that had begun before the model did. */
interface UnderWay {
  readonly lastRoundWall: number;
  /** Until the next one. */
  readonly wait: Duration;
}

/** pve-ha-crm of one node: waits for quorum, then tries for the manager lock, and manages while it holds it. */
export class Crm {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #watchdog: Watchdog;
  readonly #random: Random;
  readonly #process: NodeProcess;
  readonly #lock: LockClient;
  readonly #onEnd: () => void;
  #lastPoll: Instant;
  #isMaster = false;
  #isAskedToEnd = false;

  /** `onEnd` is called when it has ended as it was asked to. */
  constructor(cluster: Cluster, node: string, watchdog: Watchdog, onEnd: () => void) {
    const { simulation, ring, locks } = cluster;
    this.#cluster = cluster;
    this.#node = node;
    this.#watchdog = watchdog;
    this.#random = simulation.random.fork(`crm/${node}/${simulation.now()}`);
    this.#process = new NodeProcess(node, simulation, ring);
    this.#lock = new LockClient(this.#process, simulation, locks, MANAGER_LOCK);
    this.#onEnd = onEnd;
    this.#lastPoll = simulation.now();
  }

  /** A node's CRM that is not master; its first try comes after `wait`. */
  start(wait: Duration): void {
    this.#process.run(this.#begin(wait), this.#onEnd);
  }

  /** One that has been master for a while: its last round was at `lastRoundWall`, its next one is due after `wait`. */
  startAsMaster(lastRoundWall: number, wait: Duration): void {
    this.#lock.assumeHeld(lastRoundWall);
    this.#process.run(this.#main({ lastRoundWall, wait }), this.#onEnd);
  }

  /** The node dies under it. */
  end(): void {
    this.#process.end();
  }

  /** SIGKILL: its watchdog, if it has one, is closed without a goodbye. */
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

  /** SIGTERM: a master ends in its next round, a slave after its tries for the lock, one without quorum or work at once. */
  stop(): void {
    this.#isAskedToEnd = true;
    if (this.#isMaster) return;
    const { simulation } = this.#cluster;
    const random = simulation.random.fork(`crm-stop/${this.#node}/${simulation.now()}`);
    const wait = this.#mayBecomeActive() ? times(CRM_SLAVE_ENDS, random.next()) : zero;
    simulation.after(wait, () => {
      if (this.#isMaster || !this.#process.isAlive) return;
      this.#process.end();
      this.#onEnd();
    });
  }

  /** The ring has re-formed: a poll that fell into the freeze has waited until now, and who judges may have changed. */
  ringFormed({ frozenFrom }: Formation): void {
    const now = this.#cluster.simulation.now();
    if (this.#pollAtOrAfter(frozenFrom) < now) this.#lastPoll = before(now, ONE_SECOND_SLEEP);
    this.#process.interrupt();
  }

  managerLockFree(): void {
    this.#process.interrupt();
  }

  *#begin(wait: Duration): Steps {
    yield* this.#process.sleep(wait);
    yield* this.#main(null);
  }

  *#main(asMaster: UnderWay | null): Steps {
    let holdsLock = asMaster !== null;
    let underWay = asMaster;
    for (;;) {
      if (holdsLock) {
        this.#isMaster = true;
        yield* this.#manage(underWay);
        if (this.#isAskedToEnd) return;
        this.#isMaster = false;
        underWay = null;
      }
      if (!this.#mayBecomeActive()) yield* this.#process.sleep(IDLE_SLEEP);
      holdsLock = this.#mayBecomeActive() && (yield* this.#waitAsSlave());
    }
  }

  /** Quorate, and there is something to manage. */
  #mayBecomeActive(): boolean {
    const { files, ring } = this.#cluster;
    const { resources, managerStatus } = files.on(this.#node);
    const busy = resources.size > 0 || Object.keys(managerStatus.services).length > 0;
    return ring.quorateOn(this.#node) && busy;
  }

  /**
   * Tries for the lock about once a second. Only those tries are events that can change something: while the lock is
   * held and young all others fail, and leave no trace.
   */
  *#waitAsSlave(): Steps<boolean> {
    for (;;) {
      if (yield* this.#lock.tryOnce()) return true;
      this.#lastPoll = this.#cluster.simulation.now();
      let due = false;
      while (!due) due = yield* this.#process.sleepInterruptibly(this.#nextUsefulPoll());
      if (!this.#mayBecomeActive()) return false;
    }
  }

  #nextUsefulPoll(): Instant {
    const { simulation, locks, ring } = this.#cluster;
    const now = simulation.now();
    const expiry = ring.quorateOn(this.#node) ? (locks.expiresAt(MANAGER_LOCK) ?? now) : now;
    return this.#pollAtOrAfter(later(expiry, now));
  }

  #pollAtOrAfter(instant: Instant): Instant {
    const polls = Math.ceil(between(this.#lastPoll, instant) / ONE_SECOND_SLEEP);
    return after(this.#lastPoll, nanoseconds(Math.max(1, polls) * ONE_SECOND_SLEEP));
  }

  /**
   * Master, until the lock is lost, there has been nothing to manage for long, or it was asked to end. In each case its
   * watchdog is closed (CRM.pm: it touches nothing any more).
   */
  *#manage(underWay: UnderWay | null): Steps {
    const { simulation, ring } = this.#cluster;
    const manager = new Manager(this.#cluster, this.#node, this.#random);
    this.#watchdog.update(CLIENT);
    simulation.truth("master", this.#node);
    if (underWay === null) {
      yield* this.#round(manager, ring.membersOn(this.#node));
    } else {
      manager.begin(ring.membersOn(this.#node), underWay.lastRoundWall);
      yield* this.#process.sleep(underWay.wait);
    }
    let emptyRounds = 0;
    while (emptyRounds <= CRM_EMPTY_ROUNDS) {
      // The members are looked up before the lock is renewed: a round caught in a freeze works with the old ones.
      const members = ring.membersOn(this.#node);
      simulation.truth("crm-round", this.#node);
      if (!(yield* this.#lock.tryPersistently())) {
        simulation.truth("lost-manager-lock", this.#node);
        this.#watchdog.close(CLIENT);
        return;
      }
      this.#watchdog.update(CLIENT);
      yield* this.#process.sleep(CRM_LOCK_COST);
      if (this.#isAskedToEnd) break;
      yield* this.#round(manager, members);
      emptyRounds = manager.hasServices ? 0 : emptyRounds + 1;
    }
    this.#watchdog.close(CLIENT);
    yield* this.#process.write(() => {
      this.#lock.release();
    });
  }

  /** Ends when the next is due. */
  *#round(manager: Manager, members: ReadonlySet<string>): Steps {
    const start = this.#cluster.simulation.wallSeconds();
    manager.begin(members, start);
    for (let again = true; again;) {
      const outcome = yield* this.#process.write(() => manager.pass());
      again = outcome.kind === "done" && outcome.value;
      yield* this.#process.sleep(CRM_PASS_COST);
    }
    yield* this.#process.sleep(CRM_FLUSH_COST);
    yield* this.#process.write(() => {
      manager.flush();
    });
    yield* this.#process.sleepUntil(start + ROUND_SECONDS);
  }
}
