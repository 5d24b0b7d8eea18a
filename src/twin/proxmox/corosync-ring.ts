import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { after, before, between, milliseconds, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import { CONSENSUS_FACTOR, JOIN, LEAVE } from "./constants.ts";
import { Outsider } from "./outsider.ts";
import type { OutsideStanding } from "./outsider.ts";
import type { WriteOutcome } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";
import { effectiveTokenMs, holdOf } from "./totem.ts";

/** While the ring re-forms. `gatherAt` is null when nobody is missing, so that no timer has to expire. */
interface Forming {
  readonly startedAt: Instant;
  readonly gatherAt: Instant | null;
  readonly formAt: Instant;
  readonly cancel: Cancel;
}

export interface Formation {
  readonly frozenFrom: Instant;
  /** Those that were not in the last membership, or started anew since, in order of nodeid. */
  readonly joined: readonly string[];
}

/**
 * The totem ring: who is a member, and whether a write to /etc/pve goes through. From a death to the next membership
 * every write waits; reads do not. A dead node is noticed by the loss of the token, then waited for by the consensus
 */
export class CorosyncRing {
  readonly #simulation: Simulation;
  readonly #random: Random;
  readonly #nodes: readonly string[];
  readonly #token: Duration;
  readonly #consensus: Duration;
  readonly #hold: Duration;
  readonly #alive: Set<string>;
  readonly #joining = new Set<string>();
  /** Said goodbye since the last membership. */
  readonly #goodbyes = new Set<string>();
  readonly #outside = new Map<string, Outsider>();
  /** Writes of nodes whose pmxcfs stands still. */
  readonly #held = new Map<string, (() => void)[]>();
  readonly #onFormed: (formation: Formation) => void;
  readonly #onAlone: (node: string) => void;
  #members: ReadonlySet<string>;
  #forming: Forming | null = null;
  #waiting: { readonly node: string; readonly run: () => void }[] = [];
  #lastMessage: Instant;

  constructor(
    simulation: Simulation,
    nodes: readonly string[],
    settings: ProxmoxSettings,
    listeners: {
      readonly onFormed: (formation: Formation) => void;
      /** An outsider has given the others up. */
      readonly onAlone: (node: string) => void;
    },
  ) {
    this.#simulation = simulation;
    this.#random = simulation.random.fork("corosync");
    this.#nodes = nodes;
    const tokenMs = effectiveTokenMs(settings, nodes.length);
    this.#token = milliseconds(tokenMs);
    this.#consensus = times(this.#token, CONSENSUS_FACTOR);
    this.#hold = holdOf(tokenMs);
    this.#alive = new Set(nodes);
    this.#members = new Set(nodes);
    this.#onFormed = listeners.onFormed;
    this.#onAlone = listeners.onAlone;
    this.#lastMessage = simulation.now();
  }

  /** How things stood before the model began: the last message went round at `instant`. */
  assumeMessageAt(instant: Instant): void {
    this.#lastMessage = instant;
  }

  /** Whom `node` takes for members. Replaced, never changed, at each membership: keep it and you have a snapshot. */
  membersOn(node: string): ReadonlySet<string> {
    return this.#outside.get(node)?.members ?? this.#members;
  }

  isInside(node: string): boolean {
    return !this.#outside.has(node);
  }

  /** One vote a node; unknown to have changed until the ring has re-formed. */
  quorateOn(node: string): boolean {
    return 2 * this.membersOn(node).size > this.#nodes.length;
  }

  /** The lowest live nodeid: the judge of locks. */
  get lowest(): string | null {
    return this.#nodes.find((node) => this.#members.has(node)) ?? null;
  }

  /** Does `operation` now, or as soon as the ring is whole. A node that dies takes its waiting writes with it. */
  write<T>(node: string, operation: () => T, done: (outcome: WriteOutcome<T>) => void): void {
    const run = (): void => {
      if (!this.#outside.has(node)) this.#lastMessage = this.#simulation.now();
      done(this.#attempt(node, operation));
    };
    const held = this.#held.get(node);
    if (held === undefined) this.#pass(node, run);
    else held.push(run);
  }

  died(node: string): void {
    this.#held.delete(node);
    this.#outside.get(node)?.stop();
    this.#outside.delete(node);
    if (!this.#alive.has(node)) return;
    this.#waiting = this.#waiting.filter((write) => write.node !== node);
    this.#lose(node, () => this.#noticedAt());
  }

  /** It goes on outside the ring: not heard of any more, or after a goodbye. */
  left(node: string, standing: OutsideStanding, how: "silently" | "cleanly"): void {
    const known = this.#outside.get(node);
    if (known !== undefined) {
      known.become(standing, after(this.#simulation.now(), this.#consensus));
      return;
    }
    if (!this.#alive.has(node)) return;
    const mine = this.#waiting.filter((write) => write.node === node).map(({ run }) => run);
    this.#waiting = this.#waiting.filter((write) => write.node !== node);
    const had = { members: this.#members, waiting: mine };
    const outsider = new Outsider(this.#simulation, node, had, () => {
      this.#onAlone(node);
    });
    this.#outside.set(node, outsider);
    const noticedAt = this.#noticedAt();
    if (how === "silently") this.#lose(node, () => noticedAt);
    else this.#seeOff(node);
    outsider.become(standing, after(noticedAt, this.#consensus));
  }

  /** Its corosync hears the others, for the first time or again. */
  joined(node: string): void {
    const outsider = this.#outside.get(node) ?? null;
    this.#outside.delete(node);
    for (const run of outsider?.stop() ?? []) this.#waiting.push({ node, run });
    const isFresh = outsider === null || outsider.standing === "absent";
    this.#alive.add(node);
    if (isFresh || !this.#members.has(node)) this.#joining.add(node);
    this.#takeIn(isFresh);
  }

  #takeIn(isFresh: boolean): void {
    const now = this.#simulation.now();
    const gatherAt = this.#forming?.gatherAt ?? now;
    if (this.#isSomebodyMissing()) this.#formAt(after(now, this.#consensus), now);
    else if (!isFresh && gatherAt > now) this.#resume();
    else this.#formAt(after(now, JOIN), null);
  }

  /** pmxcfs of `node` stands still, or goes on: its writes wait meanwhile, and nobody else notices. */
  hold(node: string): void {
    if (!this.#held.has(node)) this.#held.set(node, []);
  }

  release(node: string): void {
    const held = this.#held.get(node) ?? [];
    this.#held.delete(node);
    for (const run of held) this.#pass(node, run);
  }

  #pass(node: string, run: () => void): void {
    const outsider = this.#outside.get(node);
    if (outsider !== undefined) outsider.write(run);
    else if (this.#forming === null && this.#members.has(node)) run();
    else if (this.#alive.has(node)) this.#waiting.push({ node, run });
  }

  /** When the loss of a node that is not heard of from now on will be noticed. */
  #noticedAt(): Instant {
    return before(after(this.#simulation.now(), this.#token), this.#tokenAge());
  }

  #isSomebodyMissing(): boolean {
    return [...this.#members].some(
      (member) => !this.#alive.has(member) && !this.#goodbyes.has(member),
    );
  }

  #lose(node: string, noticedAt: () => Instant): void {
    this.#alive.delete(node);
    this.#joining.delete(node);
    if (this.#isDeserted()) return;
    const now = this.#simulation.now();
    const forming = this.#forming;
    if (forming === null || forming.gatherAt === null) {
      const gatherAt = noticedAt();
      this.#formAt(after(gatherAt, this.#consensus), gatherAt);
    } else if (now >= forming.gatherAt) {
      // It had joined the gathering, so it is missed only when the timer has expired once, and waited for once more.
      this.#formAt(after(forming.formAt, this.#consensus), forming.gatherAt);
    }
  }

  /** Nobody waits for one that said goodbye, unless somebody else is waited for. */
  #seeOff(node: string): void {
    this.#alive.delete(node);
    this.#joining.delete(node);
    this.#goodbyes.add(node);
    if (this.#isDeserted() || this.#isSomebodyMissing()) return;
    this.#formAt(after(this.#simulation.now(), LEAVE), null);
  }

  #isDeserted(): boolean {
    if (this.#alive.size > 0) return false;
    this.#forming?.cancel();
    this.#forming = null;
    this.#members = new Set();
    this.#goodbyes.clear();
    return true;
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
    const joined = this.#nodes.filter((node) => this.#joining.has(node));
    this.#joining.clear();
    this.#goodbyes.clear();
    this.#simulation.truth("membership", null, [...this.#members].join(" "));
    this.#goOn({ frozenFrom: startedAt, joined });
  }

  /** A node was silent for less than the token's time-out: the token goes round again, and nothing has changed. */
  #resume(): void {
    const { startedAt, cancel } = present(this.#forming, "the ring's forming state");
    cancel();
    this.#forming = null;
    this.#simulation.truth("token-recovered", null);
    this.#goOn({ frozenFrom: startedAt, joined: [] });
  }

  #goOn(formation: Formation): void {
    this.#onFormed(formation);
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

  #attempt<T>(node: string, operation: () => T): WriteOutcome<T> {
    if (!this.quorateOn(node)) {
      return { kind: "refused", error: new TwinRefusal(500, "cluster not ready - no quorum?") };
    }
    try {
      return { kind: "done", value: operation() };
    } catch (error) {
      if (error instanceof TwinRefusal) return { kind: "refused", error };
      throw error;
    }
  }

  /**
   * How long ago the token was last passed on: a message sends it round at once, and without one it is passed on
   * whenever it has been held for `hold`. A real ring carries messages that nobody models here, so it is unknown when
   * the last hold of a longer silence began. test/real-corosync measures the short one.
   */
  #tokenAge(): Duration {
    const quiet = between(this.#lastMessage, this.#simulation.now());
    return quiet <= this.#hold ? quiet : times(this.#hold, this.#random.next());
  }
}
