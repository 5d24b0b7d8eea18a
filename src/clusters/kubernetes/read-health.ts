import { OperatingError } from "../../base/errors.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import { readNode } from "../../clients/kubernetes/node-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readList } from "../../clients/kubernetes/schema-parts.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { readBudgets } from "./budgets.ts";
import type { HealthFacts } from "./judge-health.ts";
import { judgeHealth } from "./judge-health.ts";
import { LEASES } from "./observe.ts";
import type { Session } from "./session.ts";
import { get, wallOf } from "./session.ts";

/** Fresh facts from the API, judged. */
export async function readHealth(session: Session, signal: AbortSignal): Promise<ClusterHealth> {
  const [nodes, pods, renewals, budgets] = await Promise.all([
    get(session, "/api/v1/nodes", signal),
    get(session, "/api/v1/pods", signal),
    renewalsIfAllowed(session, signal),
    readBudgets(session, signal),
  ]);
  return judgeHealth({
    nodes: readList(nodes.data, readNode),
    pods: readList(pods.data, readPod),
    ...renewals,
    ...budgets,
    own: session.memory.own,
  });
}

/** Without the right to read leases, the Ready conditions must do. */
async function renewalsIfAllowed(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<HealthFacts, "leases" | "wall">> {
  try {
    const answer = await get(session, LEASES, signal);
    return { leases: readList(answer.data, readLease), wall: wallOf(session, answer) };
  } catch (error) {
    if (!(error instanceof OperatingError) || error.code !== "denied") throw error;
    return { leases: [], wall: session.clock.wall() };
  }
}
