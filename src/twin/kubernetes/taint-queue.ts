import type { Duration, Instant } from "../../base/time.ts";
import { after, at, inSeconds, between, milliseconds, sinceOrigin, zero } from "../../base/time.ts";
import type { Scope } from "./scope.ts";

/** `nodeEvictionPeriod`: how often the queues of all zones are looked at. */
const LOOP_MS = 100;

interface Zone {
  readonly waiting: string[];
  /** Queued, and not to be queued again before it was removed or forgotten, though it was handled in between. */
  readonly queued: Set<string>;
  rate: number;
  /** The token bucket holds at most one token (EvictionRateLimiterBurst). */
  tokens: number;
  filledAt: Instant;
}

/** Nodes to be tainted NoExecute, rate limited per zone (RateLimitedTimedQueue), handled by a loop every 100 ms. */
export class TaintQueue {
  readonly #now: () => Instant;
  readonly #scope: Scope;
  readonly #taint: (node: string) => void;
  readonly #zones = new Map<string, Zone>();
  readonly #phase: Duration;
  #planned = false;

  constructor(
    scope: Scope,
    options: { readonly now: () => Instant; readonly phase: number },
    taint: (node: string) => void,
  ) {
    this.#scope = scope;
    this.#now = options.now;
    this.#phase = milliseconds(options.phase * LOOP_MS);
    this.#taint = taint;
  }

  add(zone: string, node: string, rate: number): void {
    const { waiting, queued } = this.#zone(zone, rate);
    if (queued.has(node)) return;
    queued.add(node);
    waiting.push(node);
    this.#plan();
  }

  /** It may be queued once more, though it may still be waiting: then it takes two turns (UniqueQueue.SetRemove). */
  forget(node: string): void {
    for (const { queued } of this.#zones.values()) queued.delete(node);
  }

  remove(node: string): void {
    for (const { waiting, queued } of this.#zones.values()) {
      if (!queued.delete(node)) continue;
      const index = waiting.indexOf(node);
      if (index >= 0) waiting.splice(index, 1);
    }
  }

  /** A new limiter starts full, but empty when the old one was, or let nobody pass: burst is one (SwapLimiter). */
  setRate(name: string, rate: number): void {
    const zone = this.#zone(name, rate);
    if (zone.rate === rate) return;
    this.#fill(zone);
    zone.tokens = zone.rate <= 0 || zone.tokens < 1 ? 0 : 1;
    zone.rate = rate;
    if (zone.waiting.length > 0) this.#plan();
  }

  #zone(name: string, rate: number): Zone {
    const known = this.#zones.get(name);
    if (known !== undefined) return known;
    const zone = { waiting: [], queued: new Set<string>(), rate, tokens: 1, filledAt: this.#now() };
    this.#zones.set(name, zone);
    return zone;
  }

  /** The loop runs all the time; only its turns that find something to do are events. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    const period = milliseconds(LOOP_MS);
    const now = sinceOrigin(this.#now());
    const turns = Math.floor((now - this.#phase) / period) + 1;
    const next = after(at(this.#phase), milliseconds(turns * LOOP_MS));
    this.#scope.after(between(this.#now(), next), () => {
      this.#planned = false;
      for (const zone of this.#zones.values()) this.#work(zone);
      const more = [...this.#zones.values()].some(
        (each) => each.waiting.length > 0 && each.rate > 0,
      );
      if (more) this.#plan();
    });
  }

  #work(zone: Zone): void {
    this.#fill(zone);
    while (zone.waiting.length > 0 && zone.rate > 0 && zone.tokens >= 1) {
      const node = zone.waiting.shift();
      if (node === undefined) return;
      zone.tokens -= 1;
      this.#taint(node);
    }
  }

  #fill(zone: Zone): void {
    const now = this.#now();
    const passed = between(zone.filledAt, now);
    if (passed > zero) zone.tokens = Math.min(1, zone.tokens + inSeconds(passed) * zone.rate);
    zone.filledAt = now;
  }
}
