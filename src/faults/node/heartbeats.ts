import type { FaultProof } from "../../contracts/fault.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";
import { Heartbeat } from "./heartbeat.ts";

/** The heartbeats of the victims that one fault is about to strike, or has struck. */
export class Heartbeats {
  readonly #beating = new Map<string, Heartbeat>();

  async start(
    victim: NodeAccess,
    tools: Pick<FaultTools, "reach" | "clock" | "signal">,
  ): Promise<void> {
    this.stop(victim.name);
    const heartbeat = await Heartbeat.start(victim, tools);
    if (heartbeat !== null) this.#beating.set(victim.name, heartbeat);
  }

  /** The proof of its death, narrowed by them. */
  narrow(victim: string, proof: FaultProof): FaultProof {
    const heartbeat = this.#beating.get(victim);
    return heartbeat === undefined ? proof : { ...proof, gone: heartbeat.narrow(proof.gone) };
  }

  stop(victim: string): void {
    this.#beating.get(victim)?.stop();
    this.#beating.delete(victim);
  }

  stopAll(): void {
    for (const victim of this.#beating.keys()) this.stop(victim);
  }
}
