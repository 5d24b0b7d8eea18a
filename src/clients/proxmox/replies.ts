import { z } from "zod";
import { listOf, recordOf } from "../shared/many.ts";

/** The replies of PVE 7 to 9, as far as they are used. Numbers and flags come as numbers or strings, at random. */
const count = z.coerce.number();
const flag = z
  .union([z.boolean(), z.number(), z.string(), z.null()])
  .optional()
  .transform((value) => value === true || value === 1 || value === "1");

export const clusterStatus = listOf(
  z.union([
    z.looseObject({ type: z.literal("cluster"), name: z.string(), quorate: flag }),
    z.looseObject({
      type: z.literal("node"),
      name: z.string(),
      nodeid: count,
      online: flag,
      ip: z.string().optional(),
    }),
  ]),
);
export type ClusterStatus = z.infer<typeof clusterStatus>;

const serviceStatus = z.looseObject({
  state: z.string(),
  node: z.string(),
  uid: z.string().optional(),
  running: flag,
  /** While it is migrated or relocated. */
  target: z.string().optional(),
});
export type ServiceStatus = z.infer<typeof serviceStatus>;

const lrmStatus = z.looseObject({
  state: z.string().default("unknown"),
  mode: z.string().default("active"),
  timestamp: count.nullable().default(null),
  /** By the uid of what the CRM asked for. */
  results: recordOf(z.unknown()).default({}),
});

export const managerStatus = z.looseObject({
  manager_status: z.looseObject({
    master_node: z.string().nullable().default(null),
    node_status: recordOf(z.string()).default({}),
    service_status: recordOf(serviceStatus).default({}),
    timestamp: count.nullable().default(null),
    /** What the CRM has been asked of a node and has not been told to forget (HA/Manager.pm, handle_maintenance_mode). */
    node_request: recordOf(z.looseObject({ maintenance: flag })).default({}),
    disarm: z.unknown().optional(),
  }),
  lrm_status: recordOf(lrmStatus).default({}),
});
export type ManagerStatus = z.infer<typeof managerStatus>;

const vmResource = z.looseObject({
  vmid: count,
  node: z.string(),
  type: z.string(),
  name: z.string().default(""),
  status: z.string().default("unknown"),
  template: flag,
  lock: z.string().optional(),
});
export type VmResource = z.infer<typeof vmResource>;
export const vmResources = listOf(vmResource);

/** Without `uptime` where a node is offline, or the token may not see it. */
export const nodeResources = listOf(z.looseObject({ node: z.string(), uptime: count.optional() }));

export const storageResources = listOf(
  z.looseObject({ storage: z.string(), node: z.string(), shared: flag }),
);

const task = z.looseObject({
  upid: z.string(),
  node: z.string(),
  type: z.string(),
  id: z.coerce.string().default(""),
  starttime: count,
  status: z.string().optional(),
});
export type Task = z.infer<typeof task>;
export const tasks = listOf(task);

export const taskStatus = z.looseObject({ status: z.string(), exitstatus: z.string().optional() });

export const vmCurrent = z.looseObject({
  status: z.string(),
  pid: count.optional(),
  uptime: count.default(0),
  lock: z.string().optional(),
});

export const vmConfig = z.record(z.string(), z.union([z.string(), z.number()]).catch(""));

export const haResource = z.looseObject({
  sid: z.string(),
  state: z.string().default("started"),
  failback: count.optional(),
  comment: z.string().optional(),
  max_restart: count.optional(),
  max_relocate: count.optional(),
});

/** A resource pool; what is empty is left out. */
export const pool = z.looseObject({ comment: z.string().default("") });

export const version = z.looseObject({ version: z.string() });
/** Node, process, start, type and so on behind colons; what stands there goes into the path that tells of its end. */
export const upid = z.string().regex(/^UPID:[\w.-]+:[^\s\p{Cs}]*$/u);
export const nextId = z.coerce.number().int().positive();

export const corosyncNodes = listOf(
  z.looseObject({
    name: z.string().optional(),
    node: z.string().optional(),
    quorum_votes: count.default(1),
  }),
);

export const vncProxy = z.looseObject({
  // Both go into a URL, which takes no half characters.
  ticket: z.string().regex(/^\P{Cs}*$/u),
  port: z.coerce.string().regex(/^\d{1,5}$/u),
  password: z.string().optional(),
});

export const guestInterfaces = z.looseObject({
  result: listOf(
    z.looseObject({
      name: z.string(),
      "ip-addresses": listOf(
        z.looseObject({ "ip-address": z.string(), "ip-address-type": z.string() }),
      ).default([]),
    }),
  ),
});

/** datacenter.cfg: HA's options come as an object, or as the text of the file. */
const clusterOptions = z.looseObject({
  ha: z.union([z.string(), z.looseObject({ shutdown_policy: z.string().optional() })]).optional(),
});

/** `shutdown_policy`, as it is written there; null where it is not. */
export const shutdownPolicyIn = clusterOptions.transform(({ ha }) => {
  const written =
    typeof ha === "string" ? /shutdown_policy=(\w+)/u.exec(ha)?.[1] : ha?.shutdown_policy;
  return written ?? null;
});
