import { OperatingError } from "../base/errors.ts";
import type { Span } from "../base/interval.ts";
import type { Instant } from "../base/time.ts";
import { later } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Fault, FaultProof } from "../contracts/fault.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { FaultSpec } from "../model/experiment.ts";
import type { NodeAccess } from "../model/inventory.ts";
import type { Refusal } from "../model/journal.ts";
import { checkVictim } from "./check-victim.ts";
import { confirmDeath } from "./confirm-death.ts";
import { healNode } from "./heal-node.ts";
import type { Method } from "./method.ts";
import { methodOf } from "./method.ts";
import type { Reach } from "./reach.ts";
import { overTheNetwork, withBmc } from "./reach.ts";

export interface FaultContext {
  /** The nodes of the cluster that the fault is bound to. */
  readonly nodes: readonly NodeAccess[];
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** The fault of an experiment, bound to the nodes of one cluster. */
export const createFault = (
  spec: FaultSpec,
  context: FaultContext,
  reach: Reach = overTheNetwork(context.clock, context.secrets),
): Fault => new NodeFault(spec, context, reach);

class NodeFault implements Fault {
  readonly spec: FaultSpec;
  readonly #method: Method;
  readonly #context: FaultContext;
  readonly #reach: Reach;
  readonly #memory = { cycled: new Set<string>() };
  /** When the request itself was sent, which is after logging in: nothing we did can have struck before. */
  readonly #sent = new Map<string, Instant>();

  constructor(spec: FaultSpec, context: FaultContext, reach: Reach) {
    this.spec = spec;
    this.#method = methodOf(spec);
    this.#context = context;
    this.#reach = reach;
  }

  get title(): string {
    return this.#method.title;
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const node = this.#context.nodes.find(({ name }) => name === victim);
    if (node === undefined) {
      const saw = `the inventory does not list ${victim}`;
      return [
        { guard: "cure-possible", saw, needs: `${victim} with its ways in, in the inventory` },
      ];
    }
    return await checkVictim(node, this.#method, this.#reach, signal);
  }

  async inject(victim: string, signal: AbortSignal): Promise<void> {
    const node = this.#node(victim);
    const { act } = this.#method;
    this.#memory.cycled.delete(victim);
    this.#sent.delete(victim);
    if (act.over === "bmc") {
      if (node.bmc === null) throw noWay(victim, "bmc");
      await withBmc(this.#reach, node.bmc, signal, async (session) => {
        this.#sent.set(victim, this.#context.clock.now());
        await session.control(act.action);
      });
      return;
    }
    if (node.ssh === null) throw noWay(victim, "ssh");
    const end = await this.#reach.run(node.ssh, act.command, signal);
    this.#sent.set(victim, end.sent);
    // A connection that breaks here was most likely broken by the fault; `confirm` finds out.
    if (end.kind === "disconnected" || end.code === 0) return;
    throw new OperatingError(
      "rejected",
      `Cannot inject ${this.title} as ${victim} refused the command: its exit code is ${end.code} (${end.stderr.trim().slice(0, 200)})`,
    );
  }

  async confirm(victim: string, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const sent = this.#sent.get(victim);
    const earliest = sent === undefined ? requested.earliest : later(requested.earliest, sent);
    return await confirmDeath(
      this.#node(victim),
      this.#method,
      { earliest, latest: later(earliest, requested.latest) },
      { reach: this.#reach, clock: this.#context.clock, signal },
    );
  }

  async heal(victim: string, signal: AbortSignal): Promise<void> {
    await healNode(this.#node(victim), this.#method, this.#memory, {
      reach: this.#reach,
      clock: this.#context.clock,
      signal,
    });
  }

  async close(): Promise<void> {
    // Sessions are opened for each act and closed after it.
  }

  #node(victim: string): NodeAccess {
    const node = this.#context.nodes.find(({ name }) => name === victim);
    if (node !== undefined) return node;
    throw new OperatingError(
      "configuration",
      `Cannot ${this.title} as the inventory does not list the victim: it is ${victim}`,
    );
  }
}

const noWay = (victim: string, missing: "bmc" | "ssh"): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot inject the fault as the inventory lacks the way in: it has no ${missing} for ${victim}`,
  );
