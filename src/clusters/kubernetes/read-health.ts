import { OperatingError } from "../../base/errors.ts";
import type { LeaseFacts } from "../../clients/kubernetes/lease-facts.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import { readNode } from "../../clients/kubernetes/node-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readList } from "../../clients/kubernetes/schema-parts.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { readBudgets } from "./budgets.ts";
import { judgeHealth } from "./judge-health.ts";
import { LEASES } from "./observe.ts";
import type { Session } from "./session.ts";
import { get, wallOf } from "./session.ts";

/** Fresh facts from the API, judged. */
export async function readHealth(session: Session, signal: AbortSignal): Promise<ClusterHealth> {
  const [nodes, pods, leases, budgets] = await Promise.all([
    get(session, "/api/v1/nodes", signal),
    get(session, "/api/v1/pods", signal),
    leasesIfAllowed(session, signal),
    readBudgets(session, signal),
  ]);
  return judgeHealth({
    nodes: readList(nodes.data, readNode),
    pods: readList(pods.data, readPod),
    leases,
    ...budgets,
    wall: wallOf(session, nodes),
    own: session.memory.own,
  });
}

/** Without the right to read leases, the Ready conditions must do. */
async function leasesIfAllowed(
  session: Session,
  signal: AbortSignal,
): Promise<readonly LeaseFacts[]> {
  try {
    return readList((await get(session, LEASES, signal)).data, readLease);
  } catch (error) {
    if (error instanceof OperatingError && error.code === "denied") return [];
    throw error;
  }
}
