/**
 * Guards that a user may override by name, in the order in which they are told. All others hold always: the right
 * cluster, a node that it knows, its lock, the machine that this runs on, and every proof that a fault can be taken back.
 */
export const overridableGuards = [
  "protected-node",
  "max-nodes-down",
  "quorum",
  "spare-node",
  "maintenance",
  "other-workloads",
  "disruption-budgets",
  "storage-health",
  "api-elsewhere",
  "maintenance-window",
  "budget",
] as const;

export type OverridableGuard = (typeof overridableGuards)[number];

export const isOverridable = (name: string): name is OverridableGuard =>
  overridableGuards.some((each) => each === name);
