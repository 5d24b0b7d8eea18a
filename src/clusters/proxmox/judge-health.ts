import type { ClusterStatus, ManagerStatus, VmResource } from "../../clients/proxmox/replies.ts";
import type {
  ClusterHealth,
  MissingRight,
  NodeHealth,
  QuorumFacts,
  StorageHealth,
} from "../../model/cluster-facts.ts";
import { deviceVotes, type Device } from "./qdevice.ts";

/** PVE itself calls an older stamp dead (facts 1.1). */
const OLD_AFTER_SECONDS = 30;

export interface HealthFacts {
  readonly status: ClusterStatus;
  readonly manager: ManagerStatus;
  /** The server's time when it told `manager`, in epoch seconds. */
  readonly date: number | null;
  /** VMs and containers, this run's own aside. */
  readonly vms: readonly VmResource[];
  /** By node; one each where it is not known. */
  readonly votes: ReadonlyMap<string, number>;
  readonly device: Device | null;
  readonly storage: StorageHealth | null;
  /** Why guests are missing that may be there; null: none is. */
  readonly hidden: MissingRight | null;
  /** By node, the seconds for which it may still have left an agent lock behind before this process watched. */
  readonly unsettled: ReadonlyMap<string, number>;
  /** Seconds until the agent lock that the last fencing left behind has expired. */
  readonly leftOverLock: number;
}

/** Nodes, quorum, and every reason why no trial can start now. */
export function judgeHealth(facts: HealthFacts): ClusterHealth {
  const nodes = facts.status
    .flatMap((entry) => (entry.type === "node" ? [entry] : []))
    .map((entry) => nodeHealth(facts, entry))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const quorum = quorumOf(facts, nodes);
  return {
    nodes,
    quorum,
    storage: facts.storage,
    hidden: { workloads: facts.hidden, budgets: null },
    problems: [
      ...(quorum.quorate ? [] : ["the cluster is not quorate"]),
      ...nodes.flatMap((node) => nodeProblems(facts, node)),
      ...masterProblems(facts),
      ...serviceProblems(facts),
      ...(facts.leftOverLock > 0
        ? [
            `the agent lock that the last fencing left behind has not expired: ${facts.leftOverLock} s remain`,
          ]
        : []),
      ...nodes.flatMap((node) => bootProblems(facts, node)),
    ],
  };
}

type Member = Extract<ClusterStatus[number], { type: "node" }>;

function nodeHealth(facts: HealthFacts, { name, online, ip }: Member): NodeHealth {
  const lrm = facts.manager.lrm_status[name];
  const state = facts.manager.manager_status.node_status[name];
  const maintenance = state === "maintenance" || lrm?.mode === "maintenance";
  return {
    name,
    online,
    maintenance,
    votes: facts.votes.get(name) ?? 1,
    schedulable: online && !maintenance && (state === undefined || state === "online"),
    master: facts.manager.manager_status.master_node === name,
    workloads: facts.vms
      .filter((vm) => vm.node === name && vm.status !== "stopped" && !vm.template)
      .map(workloadName),
    budgets: [],
    machine: { boot_id: null, machine_id: null, addresses: ip === undefined ? [] : [ip] },
  };
}

/** A guest whose pvestatd hangs is `unknown`, and may well be running: only what is stopped is none. */
function workloadName({ name, vmid, status }: VmResource): string {
  const title = name === "" ? String(vmid) : `${name} (${vmid})`;
  return status === "running" ? title : `${title} (status ${status})`;
}

/** Simple majority of all votes, as corosync's votequorum counts without its special modes (wait for all, two nodes). */
function quorumOf(facts: HealthFacts, nodes: readonly NodeHealth[]): QuorumFacts {
  const cluster = facts.status.find((entry) => entry.type === "cluster");
  const quorate = cluster?.quorate ?? false;
  const device = deviceVotes(facts.device, nodes.length);
  const expected = totalVotes(nodes) + device.configured;
  const cast = quorate ? device.cast : 0;
  return {
    quorate,
    expected_votes: expected,
    present_votes: totalVotes(nodes.filter((node) => node.online)) + cast,
    device_votes: cast,
    needed_votes: Math.floor(expected / 2) + 1,
  };
}

const totalVotes = (nodes: readonly NodeHealth[]): number =>
  nodes.reduce((total, node) => total + node.votes, 0);

function nodeProblems(facts: HealthFacts, node: NodeHealth): readonly string[] {
  if (!node.online) return [`node ${node.name} is offline`];
  const problems: string[] = [];
  const state = facts.manager.manager_status.node_status[node.name];
  if (state !== undefined && state !== "online" && !node.maintenance) {
    problems.push(`the HA manager sees node ${node.name} as ${state}`);
  }
  const lrm = facts.manager.lrm_status[node.name];
  const age = ageOf(facts, lrm?.timestamp ?? null);
  if (lrm === undefined || age === null) problems.push(`LRM of ${node.name} has never reported`);
  else if (age > OLD_AFTER_SECONDS) {
    problems.push(`LRM of ${node.name} has not reported for ${age} s`);
  }
  if (lrm?.state === "lost_agent_lock") problems.push(`LRM of ${node.name} has lost its lock`);
  return problems;
}

/** An active LRM holds its own lock; but the node with the lowest nodeid judges the locks of all, with timers that are as new as it. */
function bootProblems(facts: HealthFacts, { name }: NodeHealth): readonly string[] {
  const left = facts.unsettled.get(name);
  const ids = facts.status.flatMap((entry) => (entry.type === "node" ? [entry.nodeid] : []));
  const judges = facts.status.some(
    (entry) => entry.type === "node" && entry.name === name && entry.nodeid === Math.min(...ids),
  );
  const active = facts.manager.lrm_status[name]?.state === "active";
  if (left === undefined || (active && !judges)) return [];
  return [
    `node ${name} booted a moment ago, and nobody here saw whether it was fenced: wait ${left} s for the agent lock that may have been left behind`,
  ];
}

/** With nothing under HA for 15 minutes the CRM goes idle and has no master; that is no problem. */
function masterProblems(facts: HealthFacts): readonly string[] {
  const {
    master_node: master,
    service_status: services,
    timestamp,
    disarm,
  } = facts.manager.manager_status;
  const disarmed = disarm === undefined || disarm === null ? [] : ["HA is disarmed"];
  if (Object.keys(services).length === 0) return disarmed;
  if (master === null || master === "") return [...disarmed, "there is no CRM master"];
  const age = ageOf(facts, timestamp);
  return age !== null && age > OLD_AFTER_SECONDS
    ? [...disarmed, `CRM master ${master} has not reported for ${age} s`]
    : disarmed;
}

function serviceProblems(facts: HealthFacts): readonly string[] {
  return Object.entries(facts.manager.manager_status.service_status)
    .filter(([, service]) => ["fence", "recovery", "error"].includes(service.state))
    .map(([sid, service]) => `HA service ${sid} on ${service.node} is in state ${service.state}`);
}

/** Against the server's own time; where it does not tell, against the newest stamp there is. */
function ageOf(facts: HealthFacts, stamp: number | null): number | null {
  if (stamp === null) return null;
  const stamps = Object.values(facts.manager.lrm_status).map((lrm) => lrm.timestamp ?? 0);
  const now = facts.date ?? Math.max(facts.manager.manager_status.timestamp ?? 0, ...stamps);
  return now - stamp;
}
