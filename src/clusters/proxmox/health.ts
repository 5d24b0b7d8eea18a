import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import { readClusterStatus, readVms } from "../../clients/proxmox/calls.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { corosyncNodes, managerStatus, nodeResources } from "../../clients/proxmox/replies.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { readCeph } from "./ceph.ts";
import { judgeHealth } from "./judge-health.ts";
import { hiddenGuests } from "./permissions.ts";
import { readDevice } from "./qdevice.ts";
import type { Session } from "./session.ts";
import { leftOverLockSeconds, unsettledNodes } from "./settling.ts";

/** Fresh facts from one surviving host, and whether a trial may start. All questions are asked at once. */
export async function readHealth(session: Session, signal: AbortSignal): Promise<ClusterHealth> {
  const { api, clock, memory } = session;
  const path = "/cluster/ha/status/manager_status";
  const [status, manager, vms, votes, storage, device, uptimes, hidden] = await Promise.all([
    readClusterStatus(api, signal),
    api.call({ method: "GET", path }, signal),
    readVms(api, signal),
    readVotes(session, signal),
    readCeph(api, signal),
    readDevice(api, signal),
    readUptimes(api, signal),
    hiddenGuests(api, signal),
  ]);
  return judgeHealth({
    status,
    manager: parse(managerStatus, manager.data, `GET ${path}`),
    date: manager.date,
    vms: vms.filter((vm) => !memory.own.has(vm.vmid)),
    votes,
    storage,
    hidden,
    device,
    leftOverLock: leftOverLockSeconds(memory, clock.now()),
    unsettled: unsettledNodes(uptimes, memory, clock.now()),
  });
}

/** Seconds since the last boot, by node, as far as they are told. */
async function readUptimes(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const path = "/cluster/resources";
  const reply = await api.call({ method: "GET", path, parameters: { type: "node" } }, signal);
  const nodes = parse(nodeResources, reply.data, `GET ${path}`);
  return new Map(
    nodes.flatMap(({ node, uptime }) => (uptime === undefined ? [] : [[node, uptime] as const])),
  );
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
