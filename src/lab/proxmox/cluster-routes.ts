import { z } from "zod";
import { ApiError, parameterError } from "./api-error.ts";
import { checked, oneOf, text, vmidText } from "./parameters.ts";
import { clusterResources } from "./cluster-resources.ts";
import type { Call, Reply, Route } from "./router.ts";
import { corosyncAddress } from "./node-links.ts";
import { PVE_VERSION } from "./version.ts";

const AUDIT = ["/", "Sys.Audit"] as const;

/** `/version` and what stands under `/cluster`, high availability aside. */
export const clusterRoutes: readonly Route[] = [
  { method: "GET", template: "/version", permission: null, handle: () => ({ data: PVE_VERSION }) },
  { method: "GET", template: "/cluster/status", permission: AUDIT, handle: clusterStatus },
  { method: "GET", template: "/cluster/resources", permission: null, handle: resources },
  { method: "GET", template: "/cluster/nextid", permission: null, handle: nextId },
  {
    method: "GET",
    template: "/cluster/options",
    permission: AUDIT,
    handle: ({ world }) => ({ data: options(world.twin.settings.shutdown_policy) }),
  },
  { method: "GET", template: "/cluster/config/join", permission: AUDIT, handle: joinInformation },
  { method: "GET", template: "/cluster/config/nodes", permission: AUDIT, handle: corosyncNodes },
  // No QDevice, and Ceph on machines of its own.
  {
    method: "GET",
    template: "/cluster/config/qdevice",
    permission: AUDIT,
    handle: () => ({ data: {} }),
  },
  { method: "GET", template: "/cluster/ceph/status", permission: AUDIT, handle: noCeph },
  {
    method: "GET",
    template: "/cluster/config/totem",
    permission: AUDIT,
    handle: (call) => ({ data: totem(call) }),
  },
];

function noCeph(): never {
  throw new ApiError(500, "binary not installed: /usr/bin/ceph-mon");
}

/** datacenter.cfg as it is parsed: a property string is an object, and what is not set is not there. */
const options = (policy: string | null): Readonly<Record<string, unknown>> => ({
  keyboard: "en-us",
  ...(policy === null ? {} : { ha: { shutdown_policy: policy } }),
});

function clusterStatus({ world, asked }: Call): Reply {
  const { twin } = world;
  const status = twin.clusterStatus(asked);
  const cluster = {
    type: "cluster",
    id: "cluster",
    name: twin.clusterName,
    version: twin.nodes.length,
    nodes: twin.nodes.length,
    quorate: status.quorate ? 1 : 0,
  };
  const nodes = [...world.nodes.values()].map((node) => ({
    type: "node",
    id: `node/${node.name}`,
    name: node.name,
    nodeid: node.id,
    ip: node.address,
    local: node.name === asked ? 1 : 0,
    online: status.online.has(node.name) ? 1 : 0,
    level: "",
  }));
  return { data: [cluster, ...nodes] };
}

function resources(call: Call): Reply {
  const kinds = ["vm", "storage", "node", "sdn"] as const;
  const { type } = checked(z.strictObject({ type: oneOf(kinds).optional() }), call.input);
  if (!call.account.privileged) return { data: [] };
  return { data: clusterResources(call.world, call.asked, type ?? null) };
}

const LOWEST_VMID = 100;
const HIGHEST_VMID = 999_999_999;

function nextId({ world, asked, input }: Call): Reply {
  const { vmid } = checked(z.strictObject({ vmid: vmidText.optional() }), input);
  const taken = new Set(world.twin.vms(asked).map((vm) => vm.vmid));
  if (vmid !== undefined) {
    if (taken.has(Number(vmid))) throw parameterError({ vmid: `VM ${vmid} already exists\n` });
    return { data: vmid };
  }
  for (let free = LOWEST_VMID; free <= HIGHEST_VMID; free++) {
    if (!taken.has(free)) return { data: String(free) };
  }
  throw new ApiError(500, "unable to get any free VMID");
}

function joinInformation(call: Call): Reply {
  checked(z.strictObject({ node: text.optional() }), call.input);
  const nodelist = [...call.world.nodes.values()].map((node) => ({
    name: node.name,
    nodeid: String(node.id),
    pve_addr: node.address,
    pve_fp: node.fingerprint,
    quorum_votes: "1",
    ring0_addr: corosyncAddress(node.id),
  }));
  return {
    data: {
      config_digest: "0".repeat(40),
      nodelist,
      preferred_node: call.asked,
      totem: totem(call),
    },
  };
}

function corosyncNodes({ world }: Call): Reply {
  return {
    data: [...world.nodes.values()].map((node) => ({
      name: node.name,
      node: node.name,
      nodeid: String(node.id),
      quorum_votes: "1",
      ring0_addr: corosyncAddress(node.id),
    })),
  };
}

/** The section `totem` of corosync.conf, all text as there. */
const totem = ({ world: { twin } }: Call): Readonly<Record<string, unknown>> => ({
  cluster_name: twin.clusterName,
  config_version: String(twin.nodes.length),
  interface: { "0": { linknumber: "0" } },
  ip_version: "ipv4-6",
  link_mode: "passive",
  secauth: "on",
  token: String(twin.settings.token_ms),
  token_coefficient: String(twin.settings.token_coefficient_ms),
  version: "2",
});
