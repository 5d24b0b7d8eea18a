import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import {
  onlineNodes,
  readClusterStatus,
  readManagerStatus,
  sidOf,
} from "../../clients/proxmox/calls.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { shutdownPolicyIn } from "../../clients/proxmox/replies.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { ShutdownPolicy } from "../../model/fault-spec.ts";
import { shutdownPolicies } from "../../model/fault-spec.ts";

/** What faults ask of a PVE cluster's API and do through it. Rejects with `OperatingError`s. */
export interface HaView {
  nodesOnline(signal: AbortSignal): Promise<readonly string[]>;
  /** The HA service of a VM; null: it is not under HA. */
  service(vmid: number, signal: AbortSignal): Promise<HaService | null>;
  /** Whether the node is in HA maintenance, or on its way there. */
  inMaintenance(node: string, signal: AbortSignal): Promise<boolean>;
  /** Asks the CRM for a planned move; it answers at once and acts in its next rounds. */
  migrate(vmid: number, to: string, signal: AbortSignal): Promise<void>;
  /** `shutdown_policy` of datacenter.cfg. */
  shutdownPolicy(signal: AbortSignal): Promise<ShutdownPolicy>;
  /** POST /nodes/{node}/status, asked of another node. */
  shutDown(node: string, command: "shutdown" | "reboot", signal: AbortSignal): Promise<void>;
}

export interface HaService {
  /** `started`, `migrate`, `freeze`, ... */
  readonly state: string;
  readonly node: string;
}

export function haView(api: ProxmoxApi): HaView {
  return {
    nodesOnline: async (signal) => [...onlineNodes(await readClusterStatus(api, signal))],
    service: async (vmid, signal) => {
      const { manager_status } = await readManagerStatus(api, signal);
      const service = manager_status.service_status[sidOf(vmid)];
      return service === undefined ? null : { state: service.state, node: service.node };
    },
    inMaintenance: async (node, signal) => {
      const { manager_status, lrm_status } = await readManagerStatus(api, signal);
      // The CRM has taken the request, the LRM follows a round later: neither state says so meanwhile.
      return (
        manager_status.node_request[node]?.maintenance === true ||
        manager_status.node_status[node] === "maintenance" ||
        lrm_status[node]?.mode === "maintenance"
      );
    },
    migrate: async (vmid, to, signal) => {
      const path = `/cluster/ha/resources/${encodeURIComponent(sidOf(vmid))}/migrate`;
      await api.call({ method: "POST", path, parameters: { node: to } }, signal);
    },
    shutdownPolicy: async (signal) => await shutdownPolicyOf(api, signal),
    shutDown: async (node, command, signal) => {
      const path = `/nodes/${encodeURIComponent(node)}/status`;
      await api.call({ method: "POST", path, parameters: { command } }, signal);
    },
  };
}

/** PVE's default where the file says nothing. */
const DEFAULT_POLICY: ShutdownPolicy = "conditional";

async function shutdownPolicyOf(api: ProxmoxApi, signal: AbortSignal): Promise<ShutdownPolicy> {
  const path = "/cluster/options";
  let data: unknown;
  try {
    ({ data } = await api.call({ method: "GET", path }, signal));
  } catch (error) {
    // A cluster without datacenter.cfg has no options.
    if (error instanceof ProxmoxApiError && error.saysMissing) return DEFAULT_POLICY;
    throw error;
  }
  const written = parse(shutdownPolicyIn, data ?? {}, path);
  return shutdownPolicies.find((policy) => policy === written) ?? DEFAULT_POLICY;
}
