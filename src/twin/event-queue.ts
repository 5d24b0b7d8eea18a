import type { Duration, Instant } from "../base/time.ts";
import { after, forever, origin, sinceOrigin } from "../base/time.ts";
import { assert } from "../base/assert.ts";
import type { Cancel, Scheduler } from "../contracts/scheduler.ts";

interface Entry {
  readonly when: Instant;
  /** Ties run in the order in which they were scheduled. */
  readonly order: number;
  run: (() => void) | null;
}

/**
 * The abstract scheduler of the twin: a binary heap of events and a clock that only moves from one event to the next.
 * Alone it is a virtual clock; in a lab, somebody calls `advanceTo` as real time passes, and every event
 * still sees its own exact instant, however late the machine was.
 */
export class EventQueue implements Scheduler {
  readonly #heap: Entry[] = [];
  #now: Instant = origin;
  #order = 0;

  now(): Instant {
    return this.#now;
  }

  at(when: Instant, run: () => void): Cancel {
    assert(when >= this.#now, `an event is scheduled ${this.#now - when} ns in the past`);
    const entry: Entry = { when, order: this.#order++, run };
    this.#push(entry);
    return () => {
      entry.run = null;
    };
  }

  after(delay: Duration, run: () => void): Cancel {
    return this.at(after(this.#now, delay), run);
  }

  /** When the next event is due; null when there is none. */
  nextAt(): Instant | null {
    this.#dropCancelled();
    return this.#heap[0]?.when ?? null;
  }

  /** Runs everything due up to and including `when`, in order; the clock then stands at `when`. */
  advanceTo(when: Instant): void {
    for (let next = this.nextAt(); next !== null && next <= when; next = this.nextAt()) this.step();
    if (when > this.#now && Number.isFinite(sinceOrigin(when))) this.#now = when;
  }

  /** Runs until `done` says so or `limit` has passed; true when `done` did. */
  runUntil(done: () => boolean, limit: Duration = forever): boolean {
    const end = after(this.#now, limit);
    while (!done()) {
      const next = this.nextAt();
      if (next === null || next > end) return false;
      this.step();
    }
    return true;
  }

  /** Runs the next event. */
  step(): void {
    this.#dropCancelled();
    const entry = this.#pop();
    if (entry === undefined) return;
    this.#now = entry.when;
    entry.run?.();
  }

  #dropCancelled(): void {
    while (this.#heap[0]?.run === null) this.#pop();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const takeRight = right !== undefined && isBefore(right, left);
      const child = takeRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = 2 * index + (takeRight ? 2 : 1);
    }
    heap[index] = last;
    return top;
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.when < b.when || (a.when === b.when && a.order < b.order);
