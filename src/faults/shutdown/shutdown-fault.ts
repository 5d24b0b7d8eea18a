import type { Span } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { minutes } from "../../base/time.ts";
import type { Fault, FaultProof, Strike, Tell } from "../../contracts/fault.ts";
import type { ShutdownFault as ShutdownSpec } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { FaultContext } from "../fault-context.ts";
import { nodeNamed, unknownVictim } from "../fault-context.ts";
import { checkBmc, noBmcToCure } from "../node/check-bmc.ts";
import { confirmEffect } from "../node/confirm-effect.ts";
import { SentTimes } from "../node/sent-times.ts";
import type { Look } from "../node/watchers.ts";
import type { FaultTools, Reach } from "../reach.ts";
import { untold } from "../reach.ts";
import { healShutdown } from "./heal-shutdown.ts";
import type { ShutdownWay } from "./shutdown-way.ts";
import { systemState } from "./shutdown-way.ts";

/** Guests are given a minute each to end, one after the other at worst. */
const STRIKES_WITHIN = minutes(10);

/** Asks the operating system to end in good order, `way` says how: what runs there is stopped first, and knows it. */
export class ShutdownFault implements Fault {
  readonly spec: ShutdownSpec;
  readonly strikesWithin: Duration = STRIKES_WITHIN;
  readonly #way: ShutdownWay;
  readonly #context: FaultContext;
  readonly #reach: Reach;
  readonly #sent = new SentTimes();

  readonly #close: () => Promise<void>;

  // oxlint-disable-next-line max-params -- what, how, where, by which ways, and what to let go of at the end
  constructor(
    spec: ShutdownSpec,
    way: ShutdownWay,
    context: FaultContext,
    reach: Reach,
    close: () => Promise<void> = async () => await Promise.resolve(),
  ) {
    this.#close = close;
    this.spec = spec;
    this.#way = way;
    this.#context = context;
    this.#reach = reach;
  }

  get title(): string {
    return this.#way.title;
  }

  get cure(): string {
    return this.spec.action === "reboot"
      ? "the node boots by itself"
      : "the BMC switches the node on once it has ended";
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const unknown = unknownVictim(this.#context, victim);
    if (unknown.length > 0) return unknown;
    const node = nodeNamed(this.#context, victim);
    const tools = this.#tools(signal);
    const refusals = await this.#way.check(node, tools);
    const actsByBmc = this.spec.over === "ipmi" || this.spec.over === "redfish";
    if (this.spec.action === "reboot" || actsByBmc) return refusals;
    const without = noBmcToCure(victim, `${this.title} leaves ${victim} off`, "reboot");
    return [...refusals, ...(await checkBmc(node, without, tools))];
  }

  async inject({ victim }: Strike, signal: AbortSignal): Promise<void> {
    this.#sent.forget(victim);
    await this.#way.ask(
      nodeNamed(this.#context, victim),
      (instant) => {
        this.#sent.note(victim, instant);
      },
      this.#tools(signal),
    );
  }

  /** That the machine has begun to end: what follows is its own business. */
  async confirm({ victim }: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const node = nodeNamed(this.#context, victim);
    return await confirmEffect(
      node,
      { missing: `it did not begin to ${this.spec.action}`, look: lookAt(node) },
      this.#sent.narrow(victim, requested),
      this.#tools(signal),
    );
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    await healShutdown(
      nodeNamed(this.#context, victim),
      this.spec.action,
      this.#tools(signal, tell),
    );
  }

  async close(): Promise<void> {
    await this.#close();
  }

  #tools(signal: AbortSignal, tell: Tell = untold): FaultTools {
    return { reach: this.#reach, clock: this.#context.clock, signal, tell };
  }
}

const lookAt =
  (node: NodeAccess) =>
  async (tools: FaultTools): Promise<Look> => {
    const { state, asked } = await systemState(node, tools);
    switch (state) {
      case "stopping":
        return { asked, shows: { kind: "struck", what: "its systemd says stopping" } };
      case "up":
        return { asked, shows: { kind: "as-before" } };
      case "unknown":
        return { asked, shows: { kind: "unclear" } };
    }
  };
