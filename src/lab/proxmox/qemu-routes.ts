import { z } from "zod";
import type { VmConfig, VmState } from "../../twin/proxmox/proxmox-twin.ts";
import { parameterError } from "./api-error.ts";
import { isRunning, vmOn, write } from "./api-world.ts";
import type { ApiWorld } from "./api-world.ts";
import { newVmConfig } from "./new-vm-config.ts";
import { checked, flag, integer, text, vmidText } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";
import { memoryBytes, nameOf, printedConfig } from "./vm-config.ts";

const VM = "/vms/{vmid}";
const HERE = "/nodes/{node}/qemu/{vmid}";

/** VMs: what they are, how they are made and done away with. Switching them on and off is in power-routes.ts. */
export const qemuRoutes: readonly Route[] = [
  { method: "GET", template: "/nodes/{node}/qemu", permission: null, handle: list },
  {
    method: "POST",
    template: "/nodes/{node}/qemu",
    permission: ["/vms", "VM.Allocate"],
    handle: create,
  },
  { method: "DELETE", template: HERE, permission: [VM, "VM.Allocate"], handle: destroy },
  {
    method: "POST",
    template: `${HERE}/clone`,
    permission: [VM, "VM.Clone"],
    handle: clone,
  },
  {
    method: "GET",
    template: `${HERE}/status/current`,
    permission: [VM, "VM.Audit"],
    handle: statusCurrent,
  },
  {
    method: "GET",
    template: `${HERE}/config`,
    permission: [VM, "VM.Audit"],
    handle: (call) => ({ data: printedConfig(vmOn(call.world, call.node, call.path("vmid"))) }),
  },
  {
    method: "PUT",
    template: `${HERE}/config`,
    permission: [VM, "VM.Config.Options"],
    handle: async (call) => {
      await configure(call);
      return { data: null };
    },
  },
  {
    method: "POST",
    template: `${HERE}/config`,
    permission: [VM, "VM.Config.Options"],
    handle: async (call) => {
      const vm = await configure(call);
      const task = await write(call.world, call.node, () =>
        call.world.twin.addTask(call.node, "qmconfig", String(vm.vmid), call.account.id, 100),
      );
      return { data: task.upid };
    },
  },
];

type Item = Readonly<Record<string, unknown>>;

function list({ world, node, account }: Call): Reply {
  if (!account.privileged) return { data: [] };
  const vms = world.twin.vms(node).filter((vm) => vm.node === node);
  return { data: vms.map((vm) => ({ ...counters(world, vm), ...templateMark(vm) })) };
}

const templateMark = (vm: VmState): Item => (vm.template ? { template: 1 } : {});

/** What list and status have in common. The guest is asked, not pvestatd. */
function counters(world: ApiWorld, vm: VmState): Item {
  const running = vm.guest.phase === "off" ? null : vm.guest;
  return {
    vmid: vm.vmid,
    name: nameOf(vm),
    status: running === null ? "stopped" : "running",
    ...(running === null ? {} : { pid: running.pid }),
    uptime:
      running === null
        ? 0
        : Math.max(0, Math.floor(world.twinTime.wallSeconds()) - running.startedWallSeconds),
    cpus: Number(vm.config["cores"] ?? 1),
    cpu: 0,
    mem: 0,
    memhost: 0,
    maxmem: memoryBytes(vm.config),
    disk: 0,
    maxdisk: 0,
    netin: 0,
    netout: 0,
    ...(vm.config["lock"] === undefined ? {} : { lock: vm.config["lock"] }),
  };
}

const PRESSURE = {
  pressurecpusome: 0,
  pressurecpufull: 0,
  pressureiosome: 0,
  pressureiofull: 0,
  pressurememorysome: 0,
  pressurememoryfull: 0,
} as const;

function statusCurrent({ world, node, path }: Call): Reply {
  const vm = vmOn(world, node, path("vmid"));
  const service = world.twin.managerStatus(node).services[`vm:${vm.vmid}`];
  const managed = world.twin.haResources(node).some((each) => each.sid === `vm:${vm.vmid}`);
  const agent = vm.config["agent"];
  return {
    data: {
      ...counters(world, vm),
      ...templateMark(vm),
      ...PRESSURE,
      qmpstatus: isRunning(vm) ? "running" : "stopped",
      clipboard: null,
      ...(agent === undefined || agent === "" ? {} : { agent: 1 }),
      ha: managed
        ? { managed: 1, ...(service === undefined ? {} : { state: service.state }) }
        : { managed: 0 },
    },
  };
}

const anyConfig = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

async function create({ world, node, input }: Call): Promise<Reply> {
  const given = checked(z.looseObject({ vmid: vmidText, pool: text.optional() }), input);
  const { vmid: _vmid, pool: _pool, ...rest } = checked(anyConfig, input);
  const config = newVmConfig(configOf(rest));
  const task = await write(world, node, () =>
    world.twin.createVm(node, { vmid: Number(given.vmid), config, template: false }),
  );
  if (given.pool !== undefined) addToPool(world, given.pool, Number(given.vmid));
  return { data: task.upid };
}

async function clone({ world, node, account, path, input }: Call): Promise<Reply> {
  const schema = z.strictObject({
    newid: vmidText,
    name: text.optional(),
    description: text.optional(),
    target: text.optional(),
    full: flag.optional(),
    pool: text.optional(),
    snapname: text.optional(),
    storage: text.optional(),
    format: text.optional(),
    bwlimit: integer.optional(),
  });
  const given = checked(schema, input);
  const source = vmOn(world, node, path("vmid"));
  const target = given.target ?? node;
  if (!world.nodes.has(target)) {
    throw parameterError({ target: `no such cluster node '${target}'\n` });
  }
  const vmid = Number(given.newid);
  const name = given.name ?? `Copy-of-VM-${nameOf(source)}`;
  const task = await write(world, node, () => {
    const started = world.twin.cloneVm(node, source.vmid, { vmid, name, node: target }, account.id);
    if (given.description !== undefined) {
      world.twin.configureVm(vmid, { description: given.description });
    }
    return started;
  });
  if (given.pool !== undefined) addToPool(world, given.pool, vmid);
  return { data: task.upid };
}

function addToPool(world: ApiWorld, name: string, vmid: number): void {
  const pool = world.pools.get(name);
  if (pool !== undefined) {
    world.pools.set(name, { ...pool, members: new Set([...pool.members, vmid]) });
  }
}

async function configure({ world, node, path, input }: Call): Promise<VmState> {
  const {
    delete: removed = "",
    digest: _digest,
    skiplock: _skiplock,
    background_delay: _delay,
    ...changes
  } = checked(anyConfig, input);
  const vm = vmOn(world, node, path("vmid"));
  const emptied = String(removed)
    .split(/[\s,;]+/)
    .filter((key) => key !== "")
    .map((key) => [key, ""] as const);
  await write(world, node, () =>
    world.twin.configureVm(vm.vmid, { ...Object.fromEntries(emptied), ...configOf(changes) }),
  );
  return vm;
}

/** A JSON `true` is stored as 1, as a form's `1` would be. */
const configOf = (raw: Readonly<Record<string, string | number | boolean>>): VmConfig =>
  Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      typeof value === "boolean" ? Number(value) : value,
    ]),
  );

async function destroy({ world, node, account, path, input }: Call): Promise<Reply> {
  const schema = z.strictObject({
    purge: flag.optional(),
    skiplock: flag.optional(),
    "destroy-unreferenced-disks": flag.optional(),
  });
  const { purge = false } = checked(schema, input);
  const vm = vmOn(world, node, path("vmid"));
  const task = await write(world, node, () => world.twin.destroyVm(vm.vmid, { purge }, account.id));
  return { data: task.upid };
}
