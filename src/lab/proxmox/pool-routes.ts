import { z } from "zod";
import { TwinRefusal } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError } from "./api-error.ts";
import type { ApiWorld, Pool } from "./api-world.ts";
import { write } from "./api-world.ts";
import { checked, text } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";

const ALLOCATE = ["/pool/{poolid}", "Pool.Allocate"] as const;

/** Pools. They lie on pmxcfs, so creating one is atomic in the whole cluster, and waits while the ring re-forms. */
export const poolRoutes: readonly Route[] = [
  { method: "GET", template: "/pools", permission: null, handle: list },
  { method: "POST", template: "/pools", permission: ["/pool", "Pool.Allocate"], handle: create },
  { method: "GET", template: "/pools/{poolid}", permission: ALLOCATE, handle: read },
  {
    method: "PUT",
    template: "/pools/{poolid}",
    permission: ALLOCATE,
    handle: async (call) => await change(call, call.path("poolid")),
  },
  {
    method: "DELETE",
    template: "/pools/{poolid}",
    permission: ALLOCATE,
    handle: async (call) => await remove(call, call.path("poolid")),
  },
  {
    method: "PUT",
    template: "/pools",
    permission: ["/pool", "Pool.Allocate"],
    handle: async (call) => await change(call, poolId(call)),
  },
  {
    method: "DELETE",
    template: "/pools",
    permission: ["/pool", "Pool.Allocate"],
    handle: async (call) => await remove(call, poolId(call)),
  },
];

const poolId = (call: Call): string => checked(z.looseObject({ poolid: text }), call.input).poolid;

function list({ world, account, input }: Call): Reply {
  const { poolid } = checked(
    z.strictObject({ poolid: text.optional(), type: text.optional() }),
    input,
  );
  if (!account.privileged) return { data: [] };
  if (poolid !== undefined) {
    const pool = world.pools.get(poolid);
    if (pool === undefined) throw new ApiError(500, `pool '${poolid}' does not exist`);
    return { data: [{ poolid, ...printed(pool), members: members(world, pool) }] };
  }
  return { data: [...world.pools].map(([name, pool]) => ({ poolid: name, ...printed(pool) })) };
}

function read({ world, path }: Call): Reply {
  const pool = world.pools.get(path("poolid"));
  if (pool === undefined) throw new ApiError(500, `pool '${path("poolid")}' does not exist`);
  return { data: { ...printed(pool), members: members(world, pool) } };
}

async function create({ world, asked, input }: Call): Promise<Reply> {
  const name = text.refine((value) => /^[A-Za-z0-9._/-]{1,64}$/.test(value), {
    error: "invalid format - value does not look like a valid pool name\n",
  });
  const given = checked(z.strictObject({ poolid: name, comment: text.optional() }), input);
  await write(world, asked, () => {
    if (world.pools.has(given.poolid)) {
      throw new TwinRefusal(500, `create pool failed: pool '${given.poolid}' already exists`);
    }
    world.pools.set(given.poolid, { comment: given.comment ?? null, members: new Set() });
  });
  return { data: null };
}

async function change({ world, asked, input }: Call, name: string): Promise<Reply> {
  const { comment } = checked(
    z.strictObject({ poolid: text.optional(), comment: text.optional() }),
    input,
  );
  await write(world, asked, () => {
    const pool = world.pools.get(name);
    if (pool === undefined) {
      throw new TwinRefusal(500, `update pools failed: pool '${name}' does not exist`);
    }
    world.pools.set(name, { ...pool, comment: comment ?? pool.comment });
  });
  return { data: null };
}

async function remove({ world, asked }: Call, name: string): Promise<Reply> {
  await write(world, asked, () => {
    const pool = world.pools.get(name);
    const failed = `delete pool failed: pool '${name}'`;
    if (pool === undefined) throw new TwinRefusal(500, `${failed} does not exist`);
    const left = world.twin.vms().some((vm) => pool.members.has(vm.vmid));
    if (left) throw new TwinRefusal(500, `${failed} is not empty (contains VMs)`);
    world.pools.delete(name);
  });
  return { data: null };
}

const printed = (pool: Pool): Readonly<Record<string, unknown>> =>
  pool.comment === null ? {} : { comment: pool.comment };

const members = (world: ApiWorld, pool: Pool): readonly unknown[] =>
  world.twin
    .vms()
    .filter((vm) => pool.members.has(vm.vmid))
    .map((vm) => ({ id: `qemu/${vm.vmid}`, type: "qemu", vmid: vm.vmid, node: vm.node }));
