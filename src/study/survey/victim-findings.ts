import type { DateTime } from "luxon";
import type { MachineBelow } from "../../contracts/machines.ts";
import type { ClusterHealth, NodeHealth } from "../../model/cluster-facts.ts";
import type { Cluster, NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { OwnMachine } from "../../model/own-machine.ts";
import { mergedFacts } from "../../model/same-machine.ts";
import type { Finding } from "../../model/survey.ts";
import { note, ok, problem } from "../../model/survey.ts";
import { refusalsFor } from "../guard.ts";
import type { ApiPlace } from "../guards/guard.ts";
import { maintenanceWindow } from "../guards/maintenance-window.ts";

/** What was found of the nodes by other ways than the API, and what is known of this machine. */
export interface Beside {
  readonly findings: readonly Finding[];
  readonly machines: ReadonlyMap<string, MachineBelow>;
  readonly apiPlaces: readonly ApiPlace[];
  readonly own: OwnMachine;
  readonly now: DateTime;
}

/** Votes, nodes, whatever keeps a trial from starting now, and for each node whether it may be killed, or why not. */
export function healthFindings(
  cluster: Cluster,
  health: ClusterHealth,
  beside: Beside,
): readonly Finding[] {
  const candidates = victimsOf(cluster, health);
  const unsafe = { topic: "victim", subject: cluster.name } as const;
  return [
    ...quorumFindings(cluster.name, health),
    ...health.nodes.map(nodeFinding),
    ...strangers(cluster, health),
    ...windowFindings(cluster, beside),
    ...health.nodes.map((node) => victimFinding(cluster, health, node, beside)),
    ...(candidates.length === 0
      ? [
          problem(
            unsafe,
            "no node takes a desktop and is not protected, so that none may be killed",
          ),
        ]
      : []),
  ];
}

/** Nodes that a desktop may be on and that are not protected: only these are ever killed. */
export const victimsOf = (
  { safety }: Pick<Cluster, "safety">,
  health: ClusterHealth,
): readonly string[] =>
  health.nodes
    .filter(({ name, schedulable }) => schedulable && !safety.protected_nodes.includes(name))
    .map(({ name }) => name);

function quorumFindings(
  subject: string,
  { quorum, problems, nodes }: ClusterHealth,
): readonly Finding[] {
  const about = { topic: "quorum", subject } as const;
  const votes =
    quorum === null
      ? note(about, `${nodes.length} nodes; the control plane's votes cannot be known`)
      : ok(
          about,
          `${quorum.present_votes} of ${quorum.expected_votes} votes, ${quorum.needed_votes} needed`,
        );
  return [
    votes,
    ...problems.map((saw) =>
      problem(about, saw, { needs: "a settled cluster: no trial starts now" }),
    ),
  ];
}

function nodeFinding(node: NodeHealth): Finding {
  const about = { topic: "node", subject: node.name } as const;
  const facts = [
    node.online ? "online" : "OFFLINE",
    ...(node.maintenance ? ["in maintenance"] : []),
    node.schedulable ? "takes desktops" : "takes no desktop",
    `${node.votes} vote(s)`,
    ...(node.master ? ["CRM master"] : []),
  ];
  const saw = facts.join(", ");
  return node.online && !node.maintenance ? ok(about, saw) : note(about, saw);
}

/** Names that the inventory has and the cluster has not. */
function strangers(cluster: Cluster, health: ClusterHealth): readonly Finding[] {
  return cluster.nodes
    .filter(({ name }) => !health.nodes.some((node) => node.name === name))
    .map(({ name }) =>
      problem({ topic: "node", subject: name }, `the cluster has no node ${name}`, {
        needs: `the cluster's own names in the inventory: ${health.nodes.map((node) => node.name).join(", ")}`,
      }),
    );
}

function victimFinding(
  cluster: Cluster,
  health: ClusterHealth,
  node: NodeHealth,
  beside: Beside,
): Finding {
  const about = { topic: "victim", subject: node.name } as const;
  if (cluster.safety.protected_nodes.includes(node.name)) {
    if (!node.schedulable) return ok(about, "protected, never killed");
    return note(about, "protected, never killed", {
      needs: "a placement in experiments that keeps desktops off it",
    });
  }
  if (!node.schedulable) return ok(about, "takes no desktop, so it is never the victim");
  const refusals = refusalsNow(cluster, health, node, beside);
  if (refusals.length > 0) {
    return problem(about, refusals.map(({ guard, saw }) => `${guard}: ${saw}`).join("; "), {
      needs: `${refusals.map(({ needs }) => needs).join("; ")}; or ${node.name} in protected_nodes`,
    });
  }
  const access = cluster.nodes.find(({ name }) => name === node.name);
  return mayBeKilled(about, access, beside.findings);
}

/** What a run's first kill would be told. Of the hour it is told once for the whole cluster. */
function refusalsNow(
  cluster: Cluster,
  health: ClusterHealth,
  node: NodeHealth,
  { machines, apiPlaces, own, now }: Beside,
): readonly Refusal[] {
  const asked = machines.get(node.name);
  return refusalsFor(node.name, {
    kind: cluster.kind,
    health,
    safety: { ...cluster.safety, windows: [] },
    apiPlaces,
    machine: asked === undefined ? node.machine : mergedFacts(node.machine, asked.machine),
    login: asked?.login ?? null,
    own,
    now,
    spending: { kind: "spent", kills: 0, elapsed_ms: 0 },
  });
}

function windowFindings({ name, safety }: Cluster, { now }: Beside): readonly Finding[] {
  const about = { topic: "victim", subject: name } as const;
  if (safety.windows.length === 0) return [];
  const refusals = maintenanceWindow({ safety, now });
  if (refusals.length === 0) return [ok(about, "a window of safety.windows is open now")];
  return refusals.map(({ guard, saw, needs }) => problem(about, `${guard}: ${saw}`, { needs }));
}

/** Ways that are not as they should be are told of by themselves. */
function mayBeKilled(
  about: Pick<Finding, "topic" | "subject">,
  node: NodeAccess | undefined,
  ways: readonly Finding[],
): Finding {
  if (node === undefined) {
    return note(about, "may be killed by the cluster's API only: the inventory does not list it");
  }
  const works = (topic: Finding["topic"]): boolean =>
    !ways.some((each) => each.topic === topic && each.subject === node.name && isProblem(each));
  const bmc = node.bmc !== null && works("bmc");
  const ssh = node.ssh !== null && works("ssh");
  if (bmc) return ok(about, `may be killed: power over its BMC${ssh ? ", and SSH" : ""}`);
  return note(
    about,
    ssh
      ? "may be killed over SSH, by faults that heal themselves: no BMC would switch it on again"
      : "may be killed by the cluster's API only: there is no way in by BMC or SSH",
  );
}

const isProblem = ({ level }: Finding): boolean => level === "problem";
