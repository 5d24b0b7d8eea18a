import { z } from "zod";
import type { DesktopHandle } from "../../model/cluster-facts.ts";
import type { FaultSpec, ServiceName } from "../../model/fault-spec.ts";
import { services, shutdownPolicies } from "../../model/fault-spec.ts";
import type { LockNote } from "../../model/lock.ts";
import type { Undo } from "../../model/undo.ts";

/** A note is shown to people: nothing in it may steer a terminal. */
const shown = z.string().regex(/^\P{Cc}*$/u, { error: "must not hold control characters" });
const name = shown.min(1).max(1000);
const count = z.number().int().nonnegative();
/** Labels; with milliseconds and zone, as luxon writes them. */
const stamp = z.iso.datetime({ offset: true });

const isService = (each: string): each is ServiceName => each in services;

const overSsh = z.literal("ssh");
const overApi = z.literal("api");

const fault: z.ZodType<FaultSpec> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("power"),
    action: z.enum(["off", "cycle"]),
    over: z.enum(["ipmi", "redfish"]),
  }),
  z.object({ kind: z.literal("sysrq"), key: z.enum(["o", "b", "c"]), over: overSsh }),
  z.object({ kind: z.literal("forced-poweroff"), over: overSsh }),
  z.object({
    kind: z.literal("shutdown"),
    action: z.enum(["poweroff", "reboot"]),
    over: z.enum(["ssh", "ipmi", "redfish", "api"]),
    policy: z.enum(shutdownPolicies).nullable(),
  }),
  z.object({ kind: z.literal("network-cut"), cut: name, for_ms: count, over: overSsh }),
  z.object({
    kind: z.literal("service"),
    service: z.enum(Object.keys(services).filter(isService)),
    action: z.enum(["stop", "kill"]),
    over: overSsh,
  }),
  z.object({ kind: z.literal("freeze"), over: overSsh }),
  z.object({ kind: z.enum(["cordon", "drain", "evict", "out-of-service"]), over: overApi }),
  z.object({ kind: z.literal("maintenance"), over: overSsh }),
  z.object({ kind: z.literal("migrate"), to: name.nullable(), over: overApi }),
  z.object({
    kind: z.literal("command"),
    program: name.startsWith("/"),
    arguments: z.array(z.string()),
    leaves: z.enum(["off", "hung", "rebooting"]),
    limit_ms: count,
  }),
]);

const settings = z.object({
  state: name,
  failback: count.nullable(),
  comment: z.string().nullable(),
  max_restart: count.nullable(),
  max_relocate: count.nullable(),
});

const desktop: z.ZodType<DesktopHandle> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("proxmox"),
    vmid: z.number().int().positive(),
    name: shown,
    mark: name,
    owned: z.boolean(),
    before: z.object({ running: z.boolean(), node: name, ha: settings.nullable() }).nullable(),
  }),
  z.object({
    kind: z.literal("kubernetes"),
    namespace: name,
    name,
    mark: name,
    reach: z.enum(["ingress", "node-port", "url"]),
    owns_namespace: z.boolean(),
  }),
]);

const undo: z.ZodType<Undo> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("remove-desktop"), cluster: name, desktop }),
  z.object({ kind: z.literal("heal-fault"), cluster: name, fault, victim: name }),
]);

/** The form of a note. Unknown fields are left out; an unknown kind is none that this version could take back. */
export const noteForm: z.ZodType<LockNote> = z.object({
  format: z.literal(1),
  run: name,
  owner: name,
  taken: stamp,
  renewed: stamp,
  expires: stamp,
  ttl_ms: z.number().positive(),
  owed: z.array(z.object({ trial: name, id: count, act: name, undo })),
});
