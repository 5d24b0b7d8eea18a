import type { BudgetFacts } from "../../../src/clients/kubernetes/budget-facts.ts";
import type { NodeFacts } from "../../../src/clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../../src/clients/kubernetes/pod-facts.ts";

export const node = (name: string, change: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  ready: "True",
  readySince: "2026-01-01T00:00:00Z",
  cordoned: false,
  taints: [],
  controlPlane: false,
  address: `10.0.0.${name.length}`,
  addresses: [`10.0.0.${name.length}`],
  bootId: `boot-of-${name}`,
  machineId: `machine-${name}`,
  ...change,
});

export const pod = (name: string, change: Partial<PodFacts> = {}): PodFacts => ({
  name,
  namespace: "default",
  labels: {},
  owners: ["ReplicaSet"],
  mirror: false,
  node: "w1",
  phase: "Running",
  deletion: null,
  ready: true,
  scheduledAt: "2026-01-01T00:00:00Z",
  running: true,
  startedAt: "2026-01-01T00:00:02Z",
  tolerationSeconds: 1,
  trouble: null,
  ...change,
});

/** Of all pods whose label `app` is its name. */
export const budget = (name: string, change: Partial<BudgetFacts> = {}): BudgetFacts => ({
  name,
  namespace: "default",
  selector: { matchLabels: { app: name }, matchExpressions: [] },
  allowed: 1,
  ...change,
});
