import { z } from "zod";

/** The replies of PVE 7 to 9, as far as they are used. Numbers and flags come as numbers or strings, at random. */
const count = z.coerce.number();
const flag = z
  .union([z.boolean(), z.number(), z.string(), z.null()])
  .optional()
  .transform((value) => value === true || value === 1 || value === "1");

export const clusterStatus = z.array(
  z.union([
    z.looseObject({ type: z.literal("cluster"), name: z.string(), quorate: flag }),
    z.looseObject({ type: z.literal("node"), name: z.string(), nodeid: count, online: flag }),
  ]),
);
export type ClusterStatus = z.infer<typeof clusterStatus>;

const serviceStatus = z.looseObject({
  state: z.string(),
  node: z.string(),
  uid: z.string().optional(),
  running: flag,
});
export type ServiceStatus = z.infer<typeof serviceStatus>;

const lrmStatus = z.looseObject({
  state: z.string().default("unknown"),
  mode: z.string().default("active"),
  timestamp: count.nullable().default(null),
});

export const managerStatus = z.looseObject({
  manager_status: z.looseObject({
    master_node: z.string().nullable().default(null),
    node_status: z.record(z.string(), z.string()).default({}),
    service_status: z.record(z.string(), serviceStatus).default({}),
    timestamp: count.nullable().default(null),
    disarm: z.unknown().optional(),
  }),
  lrm_status: z.record(z.string(), lrmStatus).default({}),
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
export const vmResources = z.array(vmResource);

export const storageResources = z.array(
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
export const tasks = z.array(task);

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

export const version = z.looseObject({ version: z.string() });
export const upid = z.string().startsWith("UPID:");
export const nextId = z.coerce.number().int().positive();

export const corosyncNodes = z.array(
  z.looseObject({
    name: z.string().optional(),
    node: z.string().optional(),
    quorum_votes: count.default(1),
  }),
);

export const vncProxy = z.looseObject({
  ticket: z.string(),
  port: z.coerce.string(),
  password: z.string().optional(),
});

export const guestInterfaces = z.looseObject({
  result: z.array(
    z.looseObject({
      name: z.string(),
      "ip-addresses": z
        .array(z.looseObject({ "ip-address": z.string(), "ip-address-type": z.string() }))
        .default([]),
    }),
  ),
});
