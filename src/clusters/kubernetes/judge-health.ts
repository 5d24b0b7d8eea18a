import { DateTime } from "luxon";
import type { BudgetFacts } from "../../clients/kubernetes/budget-facts.ts";
import type { LeaseFacts } from "../../clients/kubernetes/lease-facts.ts";
import type { NodeFacts } from "../../clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import type {
  ClusterHealth,
  MissingRight,
  NodeHealth,
  QuorumFacts,
} from "../../model/cluster-facts.ts";
import { brokenBudgets } from "./budgets.ts";
import { DESKTOP_LABEL } from "./naming.ts";

/** A desktop must be able to start somewhere else. */
const LEAST_WORKERS = 2;
/**
 * A lease is renewed every quarter of its duration; one older than half of it, and than what clocks may differ by,
 * belongs to a node in trouble, long before its Ready condition says so.
 */
const CLOCK_TOLERANCE_SECONDS = 10;
/** The kubelet's default where a lease does not say. */
const DEFAULT_LEASE_SECONDS = 40;

export interface HealthFacts {
  readonly nodes: readonly NodeFacts[];
  readonly pods: readonly PodFacts[];
  readonly leases: readonly LeaseFacts[];
  readonly budgets: readonly BudgetFacts[];
  /** Why budgets are missing that may be there; null: none is. */
  readonly hidden: MissingRight | null;
  /** The cluster's wall clock when it told `leases`, or a little before: it says how old they are at least. */
  readonly wall: DateTime;
  /** Names of the desktops of this run, whose pods are no other's workload. */
  readonly own: ReadonlySet<string>;
}

export function judgeHealth(facts: HealthFacts): ClusterHealth {
  const nodes = facts.nodes.map((node) => healthOf(node, facts));
  const workers = nodes.filter(({ schedulable }) => schedulable).length;
  return {
    nodes,
    quorum: quorumOf(facts.nodes),
    storage: null,
    // Without the right to list all pods there is no health at all.
    hidden: { workloads: null, budgets: facts.hidden },
    problems: [
      ...facts.nodes.flatMap((node) => problemsOf(node, facts)),
      ...(workers < LEAST_WORKERS
        ? [`only ${workers} of the nodes can take a desktop, ${LEAST_WORKERS} are needed`]
        : []),
    ],
  };
}

function healthOf(node: NodeFacts, facts: HealthFacts): NodeHealth {
  const online = node.ready === "True";
  const workloads = facts.pods.filter(
    (pod) => pod.node === node.name && isWorkload(pod, facts.own),
  );
  return {
    name: node.name,
    online,
    maintenance: node.cordoned,
    votes: node.controlPlane ? 1 : 0,
    schedulable: online && !node.cordoned && !node.taints.some(({ effect }) => keepsAway(effect)),
    master: false,
    workloads: workloads.map((pod) => `${pod.namespace}/${pod.name}`),
    budgets: brokenBudgets(facts.budgets, node.name, workloads),
    machine: {
      boot_id: node.bootId,
      machine_id: node.machineId,
      addresses: node.addresses,
    },
  };
}

const keepsAway = (effect: string): boolean => effect === "NoSchedule" || effect === "NoExecute";

function isWorkload(pod: PodFacts, own: ReadonlySet<string>): boolean {
  if (pod.mirror || pod.owners.some((kind) => kind === "DaemonSet" || kind === "Node"))
    return false;
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return false;
  return !own.has(pod.labels[DESKTOP_LABEL] ?? "");
}

/**
 * etcd decides by majority of the control plane: it runs on where a node is cordoned, and is not counted on where the kubelet
 * is not ready. Null where no node says that it belongs to it (a managed cluster). */
function quorumOf(nodes: readonly NodeFacts[]): QuorumFacts | null {
  const voters = nodes.filter(({ controlPlane }) => controlPlane);
  if (voters.length === 0) return null;
  const present = voters.filter(({ ready }) => ready === "True").length;
  const needed = Math.floor(voters.length / 2) + 1;
  return {
    quorate: present >= needed,
    expected_votes: voters.length,
    present_votes: present,
    device_votes: 0,
    needed_votes: needed,
  };
}

function problemsOf(node: NodeFacts, { leases, wall }: HealthFacts): readonly string[] {
  if (node.ready !== "True") {
    return [`node ${node.name} is not ready: its Ready condition is ${node.ready}`];
  }
  const leftOver = node.taints
    .filter(({ effect, key }) => effect === "NoExecute" && key.startsWith("node.kubernetes.io/"))
    .map(({ key }) => `node ${node.name} still bears the taint ${key}:NoExecute`);
  const lease = leases.find(({ name }) => name === node.name);
  const age = lease === undefined ? null : ageOf(lease, wall);
  const most = (lease?.durationSeconds ?? DEFAULT_LEASE_SECONDS) / 2 + CLOCK_TOLERANCE_SECONDS;
  return age !== null && age > most
    ? [...leftOver, `the kubelet of ${node.name} has not renewed its lease for ${age.toFixed(0)} s`]
    : leftOver;
}

function ageOf({ renewTime }: LeaseFacts, wall: DateTime): number | null {
  if (renewTime === null) return null;
  const renewed = DateTime.fromISO(renewTime);
  return renewed.isValid ? wall.diff(renewed).as("seconds") : null;
}
