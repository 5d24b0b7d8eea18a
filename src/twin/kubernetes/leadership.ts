import type { Instant } from "../../base/time.ts";
import { after, between, later, seconds, zero } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { Scope } from "./scope.ts";

/** `--leader-elect-lease-duration` and `--leader-elect-retry-period` of controller-manager and scheduler. */
const LEASE_S = 15;
const RETRY_S = 2;

/** A control-plane node that may lead. */
export interface Candidate {
  readonly name: string;
  /** It runs, and reaches an API server. */
  readonly works: () => boolean;
}

/**
 * Who runs controllers and scheduler: one control-plane node, until it dies; then the next that sees its lease run out,
 * with an empty memory. Without control-plane nodes in the cluster somebody else provides them, and never fails.
 */
export class Leadership {
  readonly #core: Core;
  readonly #candidates: readonly Candidate[];
  readonly #startControllers: (scope: Scope, settled: boolean) => void;
  #leader: Candidate | null = null;
  #scope: Scope | null = null;
  /** When the last leader's lease runs out. */
  #expires: Instant;

  constructor(
    core: Core,
    candidates: readonly Candidate[],
    start: (scope: Scope, settled: boolean) => void,
  ) {
    this.#core = core;
    this.#candidates = candidates;
    this.#startControllers = start;
    this.#expires = core.scheduler.now();
    this.#lead(candidates[0] ?? null, true);
  }

  /** Some control-plane machine changed its state, or its link. */
  reconsider(): void {
    if (this.#candidates.length === 0) return;
    if (this.#leader !== null) {
      if (this.#leader.works()) return;
      this.#scope?.end();
      this.#leader = null;
      this.#expires = after(this.#core.scheduler.now(), seconds(LEASE_S));
      this.#core.tell({ kind: "leader", node: null });
    }
    this.#planTakeOver();
  }

  #planTakeOver(): void {
    const { scheduler, random } = this.#core;
    const now = scheduler.now();
    const free = later(this.#expires, now);
    const wait = between(now, after(free, seconds(random.next() * RETRY_S)));
    scheduler.after(wait > zero ? wait : zero, () => {
      if (this.#leader !== null || scheduler.now() < this.#expires) return;
      const next = this.#candidates.find((each) => each.works());
      if (next !== undefined) this.#lead(next, false);
    });
  }

  #lead(candidate: Candidate | null, settled: boolean): void {
    this.#leader = candidate;
    this.#scope = new Scope(this.#core.scheduler);
    this.#startControllers(this.#scope, settled);
    this.#core.tell({ kind: "leader", node: candidate?.name ?? null });
  }
}
