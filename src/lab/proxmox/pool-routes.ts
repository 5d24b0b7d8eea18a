import { z } from "zod";
import { TwinRefusal } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError } from "./api-error.ts";
import type { ApiWorld, Pool } from "./api-world.ts";
import { write } from "./api-world.ts";
import { checked, text } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";

const ALLOCATE = ["/pool/{poolid}", "Pool.Allocate"] as const;
const AUDIT = ["/pool/{poolid}", "Pool.Audit"] as const;

/** Pools. They lie on pmxcfs, so creating one is atomic in the whole cluster, and waits while the ring re-forms. */
export const poolRoutes: readonly Route[] = [
  { method: "GET", template: "/pools", permission: null, handle: list },
  {
    method: "POST",
    template: "/pools",
    permission: null,
    handle: async (call) => await create(allowed(call)),
  },
  { method: "GET", template: "/pools/{poolid}", permission: AUDIT, handle: read },
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
    permission: null,
    handle: async (call) => await change(allowed(call), poolId(call)),
  },
  {
    method: "DELETE",
    template: "/pools",
    permission: null,
    handle: async (call) => await remove(allowed(call), poolId(call)),
  },
];

const poolId = (call: Call): string => checked(z.looseObject({ poolid: text }), call.input).poolid;

/** The path of these calls' privilege names a parameter, which the router does not know. */
function allowed(call: Call): Call {
  if (call.account.privileged) return call;
  throw new ApiError(403, `Permission check failed (/pool/${poolId(call)}, Pool.Allocate)`);
}

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
    world.pools.set(given.poolid, { comment: kept(given.comment ?? ""), members: new Set() });
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
    world.pools.set(name, {
      ...pool,
      comment: comment === undefined ? pool.comment : kept(comment),
    });
  });
  return { data: null };
}

async function remove({ world, asked }: Call, name: string): Promise<Reply> {
  await write(world, asked, () => {
    const pool = world.pools.get(name);
    const failed = `delete pool failed: pool '${name}'`;
    if (pool === undefined) throw new TwinRefusal(500, `${failed} does not exist`);
    const left = world.twin.vms().find((vm) => pool.members.has(vm.vmid));
    if (left !== undefined) {
      throw new TwinRefusal(500, `${failed} is not empty (contains VM ${left.vmid})`);
    }
    world.pools.delete(name);
  });
  return { data: null };
}

/**
 * A comment as user.cfg gives it back: its fields are trimmed, and all `%41` become an A, since only what was no ASCII was
 * escaped on the way in (PVE/Tools.pm, encode_text; PVE/AccessControl.pm, parse_user_config). Perl takes "0" for none.
 */
function kept(comment: string): string | null {
  const trimmed = comment.replaceAll(/^ +| +$/g, "");
  const bytes = Buffer.from(trimmed, "utf8")
    .toString("latin1")
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const back = Buffer.from(bytes, "latin1").toString("utf8");
  return back === "" || back === "0" ? null : back;
}

const printed = (pool: Pool): Readonly<Record<string, unknown>> =>
  pool.comment === null ? {} : { comment: pool.comment };

const members = (world: ApiWorld, pool: Pool): readonly unknown[] =>
  world.twin
    .vms()
    .filter((vm) => pool.members.has(vm.vmid))
    .map((vm) => ({ id: `qemu/${vm.vmid}`, type: "qemu", vmid: vm.vmid, node: vm.node }));
