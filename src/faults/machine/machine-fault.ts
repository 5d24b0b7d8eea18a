import { OperatingError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { after, minutes } from "../../base/time.ts";
import type { Fault, FaultProof, Strike, Tell } from "../../contracts/fault.ts";
import type { ClockStamp } from "../../model/clock-offset.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import { DETACHED_PAUSE } from "../detached.ts";
import type { FaultContext } from "../fault-context.ts";
import { nodeNamed, unknownVictim } from "../fault-context.ts";
import { Heartbeats } from "../node/heartbeats.ts";
import { bmcOf, sshOf } from "../node/no-way-in.ts";
import { SentTimes } from "../node/sent-times.ts";
import type { FaultTools, Reach } from "../reach.ts";
import { untold, withBmc } from "../reach.ts";
import { checkVictim } from "./check-victim.ts";
import { confirmDeath } from "./confirm-death.ts";
import { healNode } from "./heal-node.ts";
import type { MachineFaultSpec, Method } from "./method.ts";
import { methodOf } from "./method.ts";
import { ownStamp } from "./own-stamp.ts";

/** Takes the whole machine away at once: its power, or its kernel. */
export class MachineFault implements Fault {
  readonly spec: MachineFaultSpec;
  /** A dead machine serves nothing; samples need only show it. */
  readonly strikesWithin: Duration = minutes(1);
  readonly #method: Method;
  readonly #context: FaultContext;
  readonly #reach: Reach;
  readonly #memory = { cycled: new Set<string>(), stamps: new Map<string, ClockStamp>() };
  readonly #sent = new SentTimes();
  readonly #heartbeats = new Heartbeats();

  constructor(spec: MachineFaultSpec, context: FaultContext, reach: Reach) {
    this.spec = spec;
    this.#method = methodOf(spec);
    this.#context = context;
    this.#reach = reach;
  }

  get title(): string {
    return this.#method.title;
  }

  get cure(): string {
    return cures[this.#method.leaves];
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const unknown = unknownVictim(this.#context, victim);
    if (unknown.length > 0) return unknown;
    return await checkVictim(nodeNamed(this.#context, victim), this.#method, this.#tools(signal));
  }

  async inject({ victim }: Strike, signal: AbortSignal): Promise<void> {
    const node = nodeNamed(this.#context, victim);
    this.#memory.cycled.delete(victim);
    this.#memory.stamps.delete(victim);
    this.#sent.forget(victim);
    await this.#heartbeats.start(node, this.#tools(signal));
    try {
      await this.#strike(node, signal);
    } catch (error) {
      this.#heartbeats.stop(victim);
      throw error;
    }
  }

  async #strike(node: NodeAccess, signal: AbortSignal): Promise<void> {
    const { act } = this.#method;
    const victim = node.name;
    if (act.over === "bmc") {
      await withBmc(this.#reach, bmcOf(node), signal, async (session) => {
        this.#sent.note(victim, this.#context.clock.now());
        await session.control(act.action);
      });
      return;
    }
    const end = await this.#reach.run(sshOf(node), act.command, signal);
    this.#sent.note(victim, after(end.sent, DETACHED_PAUSE));
    const stamp = ownStamp(victim, end);
    if (stamp !== null) this.#memory.stamps.set(victim, stamp);
    // A connection that breaks here was most likely broken by the fault; `confirm` finds out.
    if (end.kind === "disconnected" || end.code === 0) return;
    throw new OperatingError(
      "rejected",
      `Cannot inject ${this.title} as ${victim} refused the command: its exit code is ${end.code} (${end.stderr.trim().slice(0, 200)})`,
    );
  }

  async confirm({ victim }: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    try {
      const proof = await confirmDeath(
        nodeNamed(this.#context, victim),
        this.#method.leaves,
        this.#sent.narrow(victim, requested),
        this.#tools(signal),
      );
      const stamp = this.#memory.stamps.get(victim);
      return {
        ...this.#heartbeats.narrow(victim, proof),
        ...(stamp === undefined ? {} : { stamp }),
      };
    } finally {
      this.#heartbeats.stop(victim);
    }
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    const node = nodeNamed(this.#context, victim);
    await healNode(node, this.#method.leaves, this.#memory, this.#tools(signal, tell));
  }

  async close(): Promise<void> {
    this.#heartbeats.stopAll();
    await Promise.resolve();
  }

  #tools(signal: AbortSignal, tell: Tell = untold): FaultTools {
    return { reach: this.#reach, clock: this.#context.clock, signal, tell };
  }
}

const cures = {
  off: "the BMC switches the node on",
  hung: "the BMC power-cycles the node",
  rebooting: "the node boots by itself",
} as const satisfies Record<Method["leaves"], string>;
