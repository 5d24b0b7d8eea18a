import { z } from "zod";
import type { HaResource } from "../../twin/proxmox/proxmox-twin.ts";
import { TwinRefusal } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError, parameterError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";
import { write } from "./api-world.ts";
import { checked, flag, integer, oneOf, text } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";
import { digestOf } from "./vm-config.ts";

const AUDIT = ["/", "Sys.Audit"] as const;
const CONSOLE = ["/", "Sys.Console"] as const;

/** Which VMs are highly available, and how. */
export const haResourceRoutes: readonly Route[] = [
  {
    method: "GET",
    template: "/cluster/ha/resources",
    permission: AUDIT,
    handle: ({ world, asked }) => ({
      data: world.twin.haResources(asked).map((resource) => printed(world, resource)),
    }),
  },
  {
    method: "GET",
    template: "/cluster/ha/resources/{sid}",
    permission: AUDIT,
    handle: (call) => ({ data: printed(call.world, existing(call)) }),
  },
  { method: "POST", template: "/cluster/ha/resources", permission: CONSOLE, handle: create },
  { method: "PUT", template: "/cluster/ha/resources/{sid}", permission: CONSOLE, handle: update },
  {
    method: "DELETE",
    template: "/cluster/ha/resources/{sid}",
    permission: CONSOLE,
    handle: remove,
  },
  {
    method: "POST",
    template: "/cluster/ha/resources/{sid}/migrate",
    permission: CONSOLE,
    handle: async (call) => await move(call, "migrate"),
  },
  {
    method: "POST",
    template: "/cluster/ha/resources/{sid}/relocate",
    permission: CONSOLE,
    handle: async (call) => await move(call, "relocate"),
  },
  {
    method: "GET",
    template: "/cluster/ha/rules",
    permission: AUDIT,
    handle: () => ({ data: [] }),
  },
  {
    method: "GET",
    template: "/cluster/ha/groups",
    permission: AUDIT,
    handle: () => {
      throw new ApiError(500, "cannot index groups: ha groups have been migrated to rules");
    },
  },
];

const settings = {
  state: oneOf(["started", "stopped", "enabled", "disabled", "ignored"]).optional(),
  failback: flag.optional(),
  max_restart: integer.optional(),
  max_relocate: integer.optional(),
  comment: text.optional(),
  digest: text.optional(),
};

async function create({ world, asked, input }: Call): Promise<Reply> {
  const schema = z.strictObject({ sid: text, type: oneOf(["vm", "ct"]).optional(), ...settings });
  const given = checked(schema, input);
  const sid = sidOf(given.sid);
  const resource: HaResource = {
    sid,
    state: given.state ?? "started",
    failback: given.failback === undefined ? null : bit(given.failback),
    maxRestart: given.max_restart ?? null,
    maxRelocate: given.max_relocate ?? null,
    comment: given.comment ?? null,
  };
  await write(world, asked, () => {
    if (find(world, sid) !== undefined) {
      throw new TwinRefusal(500, `create resource failed: resource ID '${sid}' already defined`);
    }
    world.twin.addHaResource(resource);
  });
  return { data: null };
}

async function update(call: Call): Promise<Reply> {
  const schema = z.strictObject({ ...settings, delete: text.optional() });
  const given = checked(schema, call.input);
  const { sid } = existing(call);
  const removed = (given.delete ?? "").split(/[\s,;]+/).filter((key) => key !== "");
  const changes: Partial<Omit<HaResource, "sid">> = {
    ...deletions(removed),
    ...(given.state === undefined ? {} : { state: given.state }),
    ...(given.failback === undefined ? {} : { failback: bit(given.failback) }),
    ...(given.max_restart === undefined ? {} : { maxRestart: given.max_restart }),
    ...(given.max_relocate === undefined ? {} : { maxRelocate: given.max_relocate }),
    ...(given.comment === undefined ? {} : { comment: given.comment }),
  };
  await write(call.world, call.asked, () => call.world.twin.updateHaResource(sid, changes));
  return { data: null };
}

/** Each key of a `delete` list falls back to its default. */
function deletions(keys: readonly string[]): Partial<Omit<HaResource, "sid">> {
  const defaults = new Map<string, Partial<Omit<HaResource, "sid">>>([
    ["state", { state: "started" }],
    ["failback", { failback: null }],
    ["max_restart", { maxRestart: null }],
    ["max_relocate", { maxRelocate: null }],
    ["comment", { comment: null }],
  ]);
  let changes: Partial<Omit<HaResource, "sid">> = {};
  for (const key of keys) {
    const change = defaults.get(key);
    if (change === undefined) throw parameterError({ delete: `unknown option '${key}'\n` });
    changes = { ...changes, ...change };
  }
  return changes;
}

async function remove(call: Call): Promise<Reply> {
  checked(z.strictObject({ purge: flag.optional() }), call.input);
  const { sid } = existing(call);
  await write(call.world, call.asked, () => call.world.twin.removeHaResource(sid));
  return { data: null };
}

/** PVE only takes the wish down: the CRM master drops it when it cannot be granted (reply 71). */
async function move(call: Call, kind: "migrate" | "relocate"): Promise<Reply> {
  const { node } = checked(z.strictObject({ node: text }), call.input);
  const { world } = call;
  const { sid } = existing(call);
  if (!world.nodes.has(node)) throw parameterError({ node: `no such cluster node '${node}'\n` });
  await write(world, call.asked, () => world.twin.moveService(kind, sid, node));
  return { data: { sid, "requested-node": node } };
}

function existing(call: Call): HaResource {
  const sid = sidOf(call.path("sid"));
  const resource = call.world.twin.haResources(call.asked).find((each) => each.sid === sid);
  if (resource === undefined) throw new ApiError(500, `no such resource '${sid}'`);
  return resource;
}

const find = (world: ApiWorld, sid: string): HaResource | undefined =>
  world.twin.haResources().find((each) => each.sid === sid);

/** `100` is short for `vm:100`. */
const sidOf = (given: string): string => (/^\d+$/.test(given) ? `vm:${given}` : given);

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);

const printed = (world: ApiWorld, resource: HaResource): Readonly<Record<string, unknown>> => ({
  sid: resource.sid,
  type: "vm",
  state: resource.state,
  ...(resource.failback === null ? {} : { failback: resource.failback }),
  ...(resource.maxRestart === null ? {} : { max_restart: resource.maxRestart }),
  ...(resource.maxRelocate === null ? {} : { max_relocate: resource.maxRelocate }),
  ...(resource.comment === null ? {} : { comment: resource.comment }),
  digest: digestOf(world.twin.haResources()),
});
