import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { after, nanoseconds, times, zero } from "../../base/time.ts";
import { ONE_SECOND_SLEEP } from "./constants.ts";
import type { CorosyncRing } from "./corosync-ring.ts";
import type { WriteOutcome } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";

/** Arranges that `resume` is called later. */
type Wait = (resume: () => void) => void;
/** A program of a daemon, written in the order in which things happen: it yields wherever it waits. */
export type Steps<T = void> = Generator<Wait, T, void>;

/** A daemon on a node: runs its steps until they or the node end, and then never again. Frozen, it does none of them. */
export class NodeProcess {
  readonly node: string;
  readonly #simulation: Simulation;
  readonly #ring: CorosyncRing;
  #alive = true;
  #frozen = false;
  /** What it would have gone on with, had it not been frozen. */
  #missed: (() => void) | null = null;
  #interrupt: (() => void) | null = null;

  constructor(node: string, simulation: Simulation, ring: CorosyncRing) {
    this.node = node;
    this.#simulation = simulation;
    this.#ring = ring;
  }

  /** `onEnd` is called when the steps have come to their end by themselves. */
  run(main: Steps, onEnd: () => void): void {
    const resume = (): void => {
      if (!this.#alive) return;
      if (this.#frozen) {
        this.#missed = resume;
        return;
      }
      const step = main.next();
      if (step.done !== true) {
        step.value(resume);
        return;
      }
      this.#alive = false;
      onEnd();
    };
    resume();
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  end(): void {
    this.#alive = false;
  }

  /** SIGSTOP; a write that is under way is done nevertheless, but the process does not go on after it. */
  freeze(): void {
    this.#frozen = true;
  }

  /** SIGCONT. */
  thaw(): void {
    this.#frozen = false;
    const missed = this.#missed;
    this.#missed = null;
    missed?.();
  }

  *sleep(duration: Duration): Steps {
    if (duration > 0) yield (resume) => void this.#simulation.after(duration, resume);
  }

  /** PVE's `sleep_until`. */
  *sleepUntil(wall: number): Steps {
    yield* this.sleep(sleepUntil(this.#simulation, this.#simulation.now(), wall));
  }

  /** Sleeps until `when`, or until somebody interrupts; false when it was interrupted. */
  *sleepInterruptibly(when: Instant): Steps<boolean> {
    let undisturbed = true;
    yield (resume) => {
      const cancel = this.#simulation.at(when, () => {
        this.#interrupt = null;
        resume();
      });
      this.#interrupt = () => {
        this.#interrupt = null;
        undisturbed = false;
        cancel();
        resume();
      };
    };
    return undisturbed;
  }

  /** Ends an interruptible sleep, if there is one. */
  interrupt(): void {
    this.#interrupt?.();
  }

  /** Writes to /etc/pve: at once, or when the ring is whole again. */
  *write<T>(operation: () => T): Steps<WriteOutcome<T>> {
    const pending: { outcome: WriteOutcome<T> | null; wake: () => void } = {
      outcome: null,
      wake: () => undefined,
    };
    const unlessKilled = (): T => {
      if (!this.#alive) throw new TwinRefusal(500, "the process was killed");
      return operation();
    };
    this.#ring.write(this.node, unlessKilled, (outcome) => {
      pending.outcome = outcome;
      pending.wake();
    });
    if (pending.outcome === null) {
      yield (resume) => {
        pending.wake = resume;
      };
    }
    return present(pending.outcome, "the outcome of a write");
  }
}

/** How long PVE's `sleep_until` sleeps from `start` on: steps of a second until the integer `time()` is `wall`. */
export function sleepUntil(simulation: Simulation, start: Instant, wall: number): Duration {
  let slept = zero;
  for (let count = 0; simulation.wallSeconds(after(start, slept)) < wall;) {
    slept = nanoseconds(times(ONE_SECOND_SLEEP, ++count));
  }
  return slept;
}
