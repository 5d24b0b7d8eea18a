import type { Span } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { minutes } from "../../base/time.ts";
import type { Fault, FaultProof, Strike, Tell } from "../../contracts/fault.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { FaultContext } from "../fault-context.ts";
import { nodeNamed, unknownVictim } from "../fault-context.ts";
import { checkOverSsh } from "../node/check-ssh.ts";
import { confirmEffect } from "../node/confirm-effect.ts";
import { demandSuccess } from "../node/demand-success.ts";
import { sshOf } from "../node/no-way-in.ts";
import { SentTimes } from "../node/sent-times.ts";
import type { FaultTools, Reach } from "../reach.ts";
import { untold } from "../reach.ts";
import { healServices } from "./heal-services.ts";
import type { ServiceFaultSpec, ServiceMethod } from "./service-method.ts";
import { serviceMethod } from "./service-method.ts";
import { runningPids, unitState } from "./systemd.ts";

/** PVE's watchdog resets a node without its services after 71 s at most, Kubernetes' grace ends after 50 s. */
const STRIKES_WITHIN = minutes(3);

/** Takes the node's cluster services away, and leaves the machine to what its cluster makes of that. */
export class ServiceFault implements Fault {
  readonly spec: ServiceFaultSpec;
  readonly strikesWithin: Duration = STRIKES_WITHIN;
  readonly #method: ServiceMethod;
  readonly #context: FaultContext;
  readonly #reach: Reach;
  readonly #sent = new SentTimes();
  /** The main processes just before the strike, by victim. */
  readonly #before = new Map<string, readonly number[]>();

  constructor(spec: ServiceFaultSpec, context: FaultContext, reach: Reach) {
    this.spec = spec;
    this.#method = serviceMethod(spec, context.cluster.kind);
    this.#context = context;
    this.#reach = reach;
  }

  get title(): string {
    return this.#method.title;
  }

  get cure(): string {
    return this.#method.cure;
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    const unknown = unknownVictim(this.#context, victim);
    if (unknown.length > 0) return unknown;
    const tools = this.#tools(signal);
    return await checkOverSsh(
      nodeNamed(this.#context, victim),
      tools,
      async (access) => await this.#notActive(access, tools),
    );
  }

  async inject({ victim }: Strike, signal: AbortSignal): Promise<void> {
    const access = sshOf(nodeNamed(this.#context, victim));
    const tools = this.#tools(signal);
    this.#sent.forget(victim);
    this.#before.delete(victim);
    this.#before.set(victim, await runningPids(this.#method.units, access, tools));
    // Not detached: it ends neither the session nor the machine at once. One that takes long is left to itself.
    const end = await this.#reach.run(access, this.#method.strike, signal);
    this.#sent.note(victim, end.sent);
    demandSuccess(end, `strike ${this.#method.units.join(", ")} on ${victim}`);
  }

  async confirm({ victim }: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const node = nodeNamed(this.#context, victim);
    const access = sshOf(node);
    const before = this.#before.get(victim) ?? [];
    return await confirmEffect(
      node,
      {
        missing: `${this.#method.units.join(", ")} went on as before, and its SSH answers`,
        look: async (tools) => await this.#method.look(before, access, tools),
      },
      this.#sent.narrow(victim, requested),
      this.#tools(signal),
    );
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    const watchdog = this.#context.cluster.kind === "proxmox";
    const node = nodeNamed(this.#context, victim);
    await healServices(node, this.#method, { watchdog }, this.#tools(signal, tell));
  }

  async close(): Promise<void> {
    // Sessions are opened for each act and closed after it.
  }

  async #notActive(access: SshAccess, tools: FaultTools): Promise<readonly Refusal[]> {
    const refusals: Refusal[] = [];
    for (const unit of this.#method.units) {
      const { word, isActive } = await unitState(unit, access, tools);
      if (!isActive) {
        refusals.push({
          guard: "service-active",
          saw: `${unit} on ${access.host} is ${word}`,
          needs: `${unit} active before it is struck`,
        });
      }
    }
    return refusals;
  }

  #tools(signal: AbortSignal, tell: Tell = untold): FaultTools {
    return { reach: this.#reach, clock: this.#context.clock, signal, tell };
  }
}
