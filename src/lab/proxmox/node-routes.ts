import { z } from "zod";
import { seconds } from "../../base/time.ts";
import { nodeFacts } from "./cluster-resources.ts";
import { NODE_HARDWARE, STORAGES } from "./hardware.ts";
import type { LabStorage } from "./hardware.ts";
import { ApiError } from "./api-error.ts";
import { checked, oneOf, text } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";
import { PVE_VERSION } from "./version.ts";

const NODE_AUDIT = ["/nodes/{node}", "Sys.Audit"] as const;

/** `/nodes` and what a node says of itself and of its storages. */
export const nodeRoutes: readonly Route[] = [
  { method: "GET", template: "/nodes", permission: null, handle: nodes },
  { method: "GET", template: "/nodes/{node}/status", permission: NODE_AUDIT, handle: status },
  {
    method: "POST",
    template: "/nodes/{node}/status",
    permission: ["/nodes/{node}", "Sys.PowerMgmt"],
    handle: command,
  },
  {
    method: "GET",
    template: "/nodes/{node}/version",
    permission: null,
    handle: () => ({ data: PVE_VERSION }),
  },
  {
    method: "GET",
    template: "/nodes/{node}/storage",
    permission: null,
    handle: () => ({ data: STORAGES.map((each) => ({ storage: each.storage, ...usage(each) })) }),
  },
  {
    method: "GET",
    template: "/nodes/{node}/storage/{storage}/status",
    permission: ["/storage/{storage}", "Datastore.Audit"],
    handle: storageStatus,
  },
];

function nodes({ world, asked, account }: Call): Reply {
  const all = [...world.nodes.values()];
  if (!account.privileged) {
    return { data: all.map(({ name }) => ({ id: `node/${name}`, type: "node", node: name })) };
  }
  return {
    data: all.map(({ name, fingerprint }) => ({
      ...nodeFacts(world, asked, name),
      ssl_fingerprint: fingerprint,
    })),
  };
}

const KERNEL = { release: "6.17.4-1-pve", version: "#1 SMP PREEMPT_DYNAMIC PMX 6.17.4-1" } as const;

function status({ world, node }: Call): Reply {
  const hardware = NODE_HARDWARE;
  const free = hardware.memory_bytes - hardware.memory_used_bytes;
  const rootFree = hardware.root_bytes - hardware.root_used_bytes;
  return {
    data: {
      uptime: world.statistics.nodeUptimeSeconds(node),
      pveversion: `pve-manager/${PVE_VERSION.version}/${PVE_VERSION.repoid}`,
      kversion: `Linux ${KERNEL.release} ${KERNEL.version}`,
      "current-kernel": { sysname: "Linux", machine: "x86_64", ...KERNEL },
      "boot-info": { mode: "legacy-bios" },
      cpu: hardware.cpu_load,
      wait: 0,
      idle: 0,
      loadavg: ["0.62", "0.57", "0.65"],
      cpuinfo: {
        model: "blackout lab",
        vendor: "blackout",
        family: "0",
        cpus: hardware.cpus,
        cores: hardware.cpus,
        sockets: 1,
        mhz: "2596.120",
        hvm: "1",
        flags: "fpu vme",
        user_hz: 100,
      },
      memory: {
        total: hardware.memory_bytes,
        used: hardware.memory_used_bytes,
        free,
        available: free,
      },
      swap: { total: 0, used: 0, free: 0 },
      rootfs: {
        total: hardware.root_bytes,
        used: hardware.root_used_bytes,
        free: rootFree,
        avail: rootFree,
      },
      ksm: { shared: 0 },
    },
  };
}

/** The node acts two seconds after it has answered. */
const COMMAND_DELAY = seconds(2);

/** As `systemctl poweroff` and `systemctl reboot`: in good order. */
function command({ world, node, input }: Call): Reply {
  const schema = z.strictObject({ command: oneOf(["reboot", "shutdown"]) });
  const asked = checked(schema, input).command;
  const { twin } = world;
  world.twinTime.queue.after(COMMAND_DELAY, () => {
    if (twin.hostState(node) !== "up") return;
    twin.shutDown(node, asked === "reboot" ? "reboot" : "poweroff");
  });
  return { data: null };
}

function storageStatus(call: Call): Reply {
  checked(z.strictObject({ content: text.optional() }), call.input);
  const name = call.path("storage");
  const storage = STORAGES.find((each) => each.storage === name);
  if (storage === undefined) throw new ApiError(500, `storage '${name}' does not exist`);
  return { data: usage(storage) };
}

const usage = (each: LabStorage): Readonly<Record<string, unknown>> => ({
  type: each.type,
  content: each.content,
  shared: each.shared,
  active: 1,
  enabled: 1,
  total: each.total,
  used: each.used,
  avail: each.total - each.used,
});
