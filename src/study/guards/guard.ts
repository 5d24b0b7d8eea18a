import type { DateTime } from "luxon";
import type {
  ClusterHealth,
  LoginFacts,
  MachineFacts,
  NodeHealth,
} from "../../model/cluster-facts.ts";
import type { Cluster } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { OwnMachine } from "../../model/own-machine.ts";
import type { SafetyLimits } from "../../model/safety.ts";

/** Says why the victim must not be taken away. Empty: it may be, for all that this guard knows. Pure. */
export type Guard = (scene: Scene) => readonly Refusal[];

/** Fresh facts, and what the inventory allows. */
export interface Scene {
  readonly kind: Cluster["kind"];
  readonly victim: NodeHealth;
  readonly health: ClusterHealth;
  readonly safety: SafetyLimits;
  readonly apiPlaces: readonly ApiPlace[];
  /** The machine below the victim, by whatever told of it. */
  readonly machine: MachineFacts;
  /** What the inventory's SSH of the victim leads to; null: nothing that answers. */
  readonly login: LoginFacts | null;
  readonly own: OwnMachine;
  readonly now: DateTime;
  readonly spending: Spending;
}

/** Where one API host of the inventory is. */
export interface ApiPlace {
  /** The node that it runs on, as the inventory says; null: it does not say, so that addresses have to tell. */
  readonly node: string | null;
  /** Of the host in its URL; empty where it was not asked for, or cannot be resolved. */
  readonly addresses: readonly string[];
}

export type Spending =
  /** What a run would do to the cluster. */
  | { readonly kind: "planned"; readonly kills: number }
  /** What it has done before the kill that is to come. */
  | { readonly kind: "spent"; readonly kills: number; readonly elapsed_ms: number };
