import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import { parse } from "../../clients/shared/parse.ts";
import { clusterStatus, corosyncNodes, managerStatus } from "../../clients/proxmox/replies.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { readVms } from "./calls.ts";
import { judgeHealth } from "./judge-health.ts";
import type { Session } from "./session.ts";
import { leftOverLockSeconds } from "./settling.ts";

/** Fresh facts from one surviving host, and whether a trial may start. */
export async function readHealth(session: Session, signal: AbortSignal): Promise<ClusterHealth> {
  const { api, clock, memory } = session;
  const status = await api.call({ method: "GET", path: "/cluster/status" }, signal);
  const path = "/cluster/ha/status/manager_status";
  const manager = await api.call({ method: "GET", path }, signal);
  return judgeHealth({
    status: parse(clusterStatus, status.data, "GET /cluster/status"),
    manager: parse(managerStatus, manager.data, `GET ${path}`),
    date: manager.date,
    vms: (await readVms(api, signal)).filter((vm) => !memory.own.has(vm.vmid)),
    votes: await readVotes(session, signal),
    leftOverLock: leftOverLockSeconds(memory, clock.now()),
  });
}

/** Votes by node; empty where the API does not tell (then each has one). */
async function readVotes(
  session: Session,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  try {
    const path = "/cluster/config/nodes";
    const reply = await session.api.call({ method: "GET", path }, signal);
    const nodes = parse(corosyncNodes, reply.data, `GET ${path}`);
    return new Map(nodes.map((each) => [each.node ?? each.name ?? "", each.quorum_votes]));
  } catch (error) {
    if (error instanceof ProxmoxApiError) return new Map();
    throw error;
  }
}
