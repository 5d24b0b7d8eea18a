import type { LoginFacts, MachineFacts } from "../model/cluster-facts.ts";
import type { OwnMachine } from "../model/own-machine.ts";

/** Tells the nodes of one cluster from the machine that this program runs on. Asks afresh each time. */
export interface Machines {
  /** Never rejects: what the system does not tell is missing. */
  own(): Promise<OwnMachine>;

  /** All addresses of a host name, or of an address. Empty where it cannot be resolved. Never rejects. */
  addressesOf(host: string): Promise<readonly string[]>;

  /**
   * All that is known of the machine below a node: what the cluster told of it, what the inventory has (host names
   * resolved), and what the node itself says over SSH. Rejects only when the signal ends.
   */
  below(node: string, told: MachineFacts, signal: AbortSignal): Promise<MachineBelow>;
}

export interface MachineBelow {
  /** By whatever told of it; the cluster's word counts first. */
  readonly machine: MachineFacts;
  /** What the inventory's SSH leads to; null: there is none, or nobody could log in. */
  readonly login: LoginFacts | null;
}
