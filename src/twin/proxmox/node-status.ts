import { FENCE_DELAY_SECONDS } from "./constants.ts";
import type { LrmStatus, ManagerStatus } from "./proxmox-twin.ts";
import type { Simulation } from "./simulation.ts";

type NodeState = ManagerStatus["nodes"][string];

/**
 * What one CRM master thinks of the nodes. The states survive it, in its status file; when it last saw a node online
 * does not, so that a new master lets the fence delay begin anew.
 */
export class NodeStatus {
  readonly #simulation: Simulation;
  readonly #states: Map<string, NodeState>;
  readonly #lastOnline = new Map<string, number>();

  constructor(simulation: Simulation, states: ManagerStatus["nodes"]) {
    this.#simulation = simulation;
    this.#states = new Map(Object.entries(states));
  }

  /**
   * Takes in who is a member, and in which mode its LRM is; a node in state `fence` stays so until it is fenced, even
   * when it is back, and one that went away in maintenance stays in maintenance.
   */
  update(
    nodes: readonly string[],
    {
      members,
      wall,
      modeOf,
    }: {
      readonly members: ReadonlySet<string>;
      /** Now. */
      readonly wall: number;
      readonly modeOf: (node: string) => LrmStatus["mode"];
    },
  ): void {
    for (const node of nodes) {
      const state = this.#states.get(node) ?? "unknown";
      if (members.has(node)) this.#lastOnline.set(node, wall);
      const next = stateAfter(state, members.has(node), modeOf(node) === "maintenance");
      if (next !== state) this.#become(node, next);
    }
  }

  isOnline(node: string): boolean {
    return this.#states.get(node) === "online";
  }

  isInMaintenance(node: string): boolean {
    return this.#states.get(node) === "maintenance";
  }

  isFencing(node: string): boolean {
    return this.#states.get(node) === "fence";
  }

  /** Whether the node has been away for the fence delay. The first question starts the delay when it was never seen. */
  isOfflineDelayed(node: string): boolean {
    const now = this.#simulation.wallSeconds();
    const lastOnline = this.#lastOnline.get(node);
    if (lastOnline === undefined) {
      this.#lastOnline.set(node, now);
      return false;
    }
    return now - lastOnline >= FENCE_DELAY_SECONDS;
  }

  startFencing(node: string): void {
    if (!this.isFencing(node)) this.#become(node, "fence");
  }

  fenced(node: string): void {
    this.#simulation.truth("fence-acknowledged", node);
    this.#become(node, "unknown");
  }

  written(): ManagerStatus["nodes"] {
    return Object.fromEntries(this.#states);
  }

  #become(node: string, state: NodeState): void {
    this.#states.set(node, state);
    this.#simulation.truth(`node-${state}`, node);
  }
}

/** Rule, NodeStatus.pm `update`: a node that was away is online for one round before its maintenance is noticed. */
function stateAfter(state: NodeState, isMember: boolean, inMaintenance: boolean): NodeState {
  switch (state) {
    case "online":
      if (!isMember) return "unknown";
      return inMaintenance ? "maintenance" : "online";
    case "maintenance":
      if (inMaintenance) return "maintenance";
      return isMember ? "online" : "unknown";
    case "unknown":
    case "gone":
      return isMember ? "online" : state;
    case "fence":
      return "fence";
  }
}
