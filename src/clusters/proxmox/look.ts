import type { Span } from "../../base/interval.ts";
import { parse } from "../../clients/shared/parse.ts";
import { patience } from "../../clients/proxmox/patience.ts";
import type { ApiReply, ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import type { ManagerStatus, Task } from "../../clients/proxmox/replies.ts";
import { clusterStatus, managerStatus, tasks, vmResources } from "../../clients/proxmox/replies.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { onlineNodes } from "../../clients/proxmox/calls.ts";

/** What one host says of the cluster at one time. */
export interface Look {
  /** From before the first question to after the last answer. */
  readonly during: Span;
  readonly host: ApiHost;
  /** Whether that host is inside the cluster's quorum; outside it sees everybody else offline. */
  readonly quorate: boolean;
  readonly online: ReadonlySet<string>;
  /** Member with the lowest nodeid: it judges the locks. */
  readonly lowest: string | null;
  readonly manager: ManagerStatus;
  /** Node by VMID, from the configuration files. */
  readonly vmNodes: ReadonlyMap<number, string>;
  readonly tasks: readonly Task[];
}

/** Four questions at once to one host, none of which that host passes on to another. Rejects when one fails. */
export async function look(api: ProxmoxApi, host: ApiHost, signal: AbortSignal): Promise<Look> {
  const ask = async (path: string, parameters = {}): Promise<ApiReply> =>
    await api.call({ method: "GET", path, parameters, host, patience: patience.look }, signal);
  const replies = await Promise.all([
    ask("/cluster/status"),
    ask("/cluster/ha/status/manager_status"),
    ask("/cluster/resources", { type: "vm" }),
    ask("/cluster/tasks"),
  ]);
  const [status, manager, resources, recent] = replies;
  const members = parse(clusterStatus, status.data, "GET /cluster/status");
  const byNodeid = members
    .flatMap((entry) => (entry.type === "node" ? [entry] : []))
    .toSorted((a, b) => a.nodeid - b.nodeid);
  const vms = parse(vmResources, resources.data, "GET /cluster/resources");
  return {
    during: spanOver(replies),
    host,
    quorate: members.every((entry) => entry.type !== "cluster" || entry.quorate),
    online: onlineNodes(members),
    lowest: byNodeid[0]?.name ?? null,
    manager: parse(managerStatus, manager.data, "GET /cluster/ha/status/manager_status"),
    vmNodes: new Map(vms.map((vm) => [vm.vmid, vm.node])),
    tasks: parse(tasks, recent.data, "GET /cluster/tasks"),
  };
}

function spanOver(replies: readonly [ApiReply, ...ApiReply[]]): Span {
  return replies.reduce<Span>(
    (whole, { during }) => ({
      earliest: during.earliest < whole.earliest ? during.earliest : whole.earliest,
      latest: during.latest > whole.latest ? during.latest : whole.latest,
    }),
    replies[0].during,
  );
}
