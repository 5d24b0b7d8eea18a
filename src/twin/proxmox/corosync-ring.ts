import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { after, before, between, milliseconds, shorter, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import {
  CONSENSUS_FACTOR,
  HELD_SHARE_OF_HOLD,
  HOLD_SHARE_OF_RETRANSMIT,
  HOLD_TICK_MS,
  JOIN,
  LONGEST_HELD_MS,
  RETRANSMITS_BEFORE_LOSS,
} from "./constants.ts";
import type { WriteOutcome } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";

/** While the ring re-forms. `gatherAt` is null when nobody is missing, so that no timer has to expire. */
interface Forming {
  readonly startedAt: Instant;
  readonly gatherAt: Instant | null;
  readonly formAt: Instant;
  readonly cancel: Cancel;
}

export interface Formation {
  readonly frozenFrom: Instant;
  /** Those whose corosync started since the last membership, in order of nodeid. */
  readonly restarted: readonly string[];
}

/**
 * The totem ring: who is a member, and whether a write to /etc/pve goes through. From a death to the next membership
 * every write waits; reads do not. A dead node is noticed by the loss of the token, then waited for by the consensus
 * timer, together 2.2 x token. On a quiet ring the token had been held before, which counts.
 */
export class CorosyncRing {
  readonly #simulation: Simulation;
  readonly #random: Random;
  readonly #nodes: readonly string[];
  readonly #token: Duration;
  readonly #consensus: Duration;
  readonly #longestHeld: Duration;
  readonly #alive: Set<string>;
  readonly #restarted = new Set<string>();
  readonly #onFormed: (formation: Formation) => void;
  #members: ReadonlySet<string>;
  #forming: Forming | null = null;
  #waiting: { readonly node: string; readonly run: () => void }[] = [];
  #lastMessage: Instant;

  constructor(
    simulation: Simulation,
    nodes: readonly string[],
    settings: ProxmoxSettings,
    onFormed: (formation: Formation) => void,
  ) {
    this.#simulation = simulation;
    this.#random = simulation.random.fork("corosync");
    this.#nodes = nodes;
    const tokenMs = effectiveTokenMs(settings, nodes.length);
    this.#token = milliseconds(tokenMs);
    this.#consensus = times(this.#token, CONSENSUS_FACTOR);
    this.#longestHeld = longestHeld(tokenMs);
    this.#alive = new Set(nodes);
    this.#members = new Set(nodes);
    this.#onFormed = onFormed;
    this.#lastMessage = simulation.now();
  }

  /** Replaced, never changed, at each membership: keep a reference and you have a snapshot. */
  get members(): ReadonlySet<string> {
    return this.#members;
  }

  /** One vote a node; unknown to have changed until the ring has re-formed. */
  get quorate(): boolean {
    return 2 * this.#members.size > this.#nodes.length;
  }

  /** The lowest live nodeid: the judge of locks. */
  get lowest(): string | null {
    return this.#nodes.find((node) => this.#members.has(node)) ?? null;
  }

  /** Does `operation` now, or as soon as the ring is whole. A node that dies takes its waiting writes with it. */
  write<T>(node: string, operation: () => T, done: (outcome: WriteOutcome<T>) => void): void {
    const run = (): void => {
      this.#lastMessage = this.#simulation.now();
      done(this.#attempt(operation));
    };
    if (this.#forming === null && this.#members.has(node)) run();
    else if (this.#alive.has(node)) this.#waiting.push({ node, run });
  }

  died(node: string): void {
    if (!this.#alive.delete(node)) return;
    this.#restarted.delete(node);
    this.#waiting = this.#waiting.filter((write) => write.node !== node);
    if (this.#alive.size === 0) {
      this.#forming?.cancel();
      this.#forming = null;
      this.#members = new Set();
      return;
    }
    const now = this.#simulation.now();
    const forming = this.#forming;
    if (forming === null || forming.gatherAt === null) {
      const gatherAt = before(after(now, this.#token), this.#tokenAge());
      this.#formAt(after(gatherAt, this.#consensus), gatherAt);
    } else if (now >= forming.gatherAt) {
      // It had joined the gathering, so it is missed only when the timer has expired once, and waited for once more.
      this.#formAt(after(forming.formAt, this.#consensus), forming.gatherAt);
    }
  }

  joined(node: string): void {
    this.#alive.add(node);
    this.#restarted.add(node);
    const now = this.#simulation.now();
    const somebodyMissing = [...this.#members].some((member) => !this.#alive.has(member));
    if (somebodyMissing) this.#formAt(after(now, this.#consensus), now);
    else this.#formAt(after(now, JOIN), null);
  }

  #formAt(formAt: Instant, gatherAt: Instant | null): void {
    this.#forming?.cancel();
    const startedAt = this.#forming?.startedAt ?? this.#simulation.now();
    if (this.#forming === null) this.#simulation.truth("freeze-start", null);
    const cancel = this.#simulation.at(formAt, () => {
      this.#formed();
    });
    this.#forming = { startedAt, gatherAt, formAt, cancel };
  }

  #formed(): void {
    const { startedAt } = present(this.#forming, "the ring's forming state");
    this.#forming = null;
    this.#members = new Set(this.#nodes.filter((node) => this.#alive.has(node)));
    const restarted = this.#nodes.filter((node) => this.#restarted.has(node));
    this.#restarted.clear();
    this.#simulation.truth("membership", null, [...this.#members].join(" "));
    this.#onFormed({ frozenFrom: startedAt, restarted });
    while (this.isWhole) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.run();
    }
  }

  /** False while writes wait. */
  get isWhole(): boolean {
    return this.#forming === null;
  }

  #attempt<T>(operation: () => T): WriteOutcome<T> {
    if (!this.quorate) {
      return { kind: "refused", error: new TwinRefusal(500, "cluster not ready - no quorum?") };
    }
    try {
      return { kind: "done", value: operation() };
    } catch (error) {
      if (error instanceof TwinRefusal) return { kind: "refused", error };
      throw error;
    }
  }

  /** How long ago the token was last passed on: a message sends it round at once, else it is held. */
  #tokenAge(): Duration {
    const quiet = between(this.#lastMessage, this.#simulation.now());
    return shorter(quiet, times(this.#longestHeld, this.#random.next()));
  }
}

/** `totem.token` plus the coefficient for each node beyond two (totemconfig.c:324). */
function effectiveTokenMs(settings: ProxmoxSettings, nodes: number): number {
  return settings.token_ms + Math.max(0, nodes - 2) * settings.token_coefficient_ms;
}

function longestHeld(tokenMs: number): Duration {
  const hold =
    HOLD_SHARE_OF_RETRANSMIT * Math.floor(tokenMs / RETRANSMITS_BEFORE_LOSS) - HOLD_TICK_MS;
  return milliseconds(Math.min(Math.max(0, hold) * HELD_SHARE_OF_HOLD, LONGEST_HELD_MS));
}
