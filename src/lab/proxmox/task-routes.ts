import { z } from "zod";
import type { TaskState } from "../../twin/proxmox/proxmox-twin.ts";
import { ApiError } from "./api-error.ts";
import { checked, flag, integer, oneOf, text } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";

const TASK = "/nodes/{node}/tasks/{upid}";

/** Tasks: what an answer with a UPID has started. */
export const taskRoutes: readonly Route[] = [
  { method: "GET", template: "/cluster/tasks", permission: null, handle: clusterTasks },
  { method: "GET", template: "/nodes/{node}/tasks", permission: null, handle: nodeTasks },
  { method: "GET", template: `${TASK}/status`, permission: null, handle: status },
  { method: "GET", template: `${TASK}/log`, permission: null, handle: log },
];

type Item = Readonly<Record<string, unknown>>;

/** The cluster-wide list keeps the last few of each node. */
const LISTED_PER_NODE = 25;

function clusterTasks({ world, account }: Call): Reply {
  const seen = visible(world.twin.tasks(), account).toSorted(newestFirst);
  const items = world.twin.nodes
    .flatMap((node) => seen.filter((task) => task.node === node.name).slice(0, LISTED_PER_NODE))
    .toSorted(newestFirst)
    .map((task) => ({ ...listed(task), saved: task.endWallSeconds === null ? "0" : "1" }));
  return { data: items };
}

function nodeTasks({ world, node, account, input }: Call): Reply {
  const schema = z.strictObject({
    vmid: integer.optional(),
    start: integer.optional(),
    limit: integer.optional(),
    since: integer.optional(),
    until: integer.optional(),
    typefilter: text.optional(),
    source: oneOf(["archive", "active", "all"]).optional(),
    errors: flag.optional(),
  });
  const given = checked(schema, input);
  const source = given.source ?? "archive";
  const matching = visible(world.twin.tasks(), account)
    .filter((task) => task.node === node)
    .filter((task) => source === "all" || (task.endWallSeconds === null) === (source === "active"))
    .filter((task) => given.vmid === undefined || task.id === String(given.vmid))
    .filter((task) => given.typefilter === undefined || task.type === given.typefilter)
    .filter((task) => task.startWallSeconds >= (given.since ?? 0))
    .filter((task) => task.startWallSeconds <= (given.until ?? Number.POSITIVE_INFINITY))
    .filter((task) => given.errors !== true || task.exitStatus !== "OK")
    .toSorted(newestFirst);
  const start = given.start ?? 0;
  const page = matching.slice(start, start + (given.limit ?? 50));
  return {
    data: page.map((task) => ({ ...listed(task), pid: task.pid, pstart: task.pstart })),
    extra: { total: matching.length },
  };
}

function status(call: Call): Reply {
  const task = find(call);
  const running = task.endWallSeconds === null;
  return {
    data: {
      ...identity(task),
      pid: task.pid,
      pstart: task.pstart,
      status: running ? "running" : "stopped",
      ...(running ? {} : { exitstatus: task.exitStatus ?? "unexpected status" }),
    },
  };
}

function log(call: Call): Reply {
  const { start = 0, limit = 50 } = checked(
    z.strictObject({ start: integer.optional(), limit: integer.optional() }),
    call.input,
  );
  const task = find(call);
  const lines = [...task.log, ...lastLine(task)];
  const page = lines.slice(start, limit === 0 ? undefined : start + limit);
  return {
    data: page.map((line, index) => ({ n: start + index + 1, t: line })),
    extra: { total: lines.length },
  };
}

function lastLine(task: TaskState): readonly string[] {
  if (task.endWallSeconds === null || task.log.at(-1)?.startsWith("TASK ") === true) return [];
  return [task.exitStatus === "OK" ? "TASK OK" : `TASK ERROR: ${task.exitStatus ?? "unknown"}`];
}

function find({ world, account, path }: Call): TaskState {
  const upid = path("upid");
  if (!/^UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:]+:[^:]*:[^:]+:$/i.test(upid)) {
    throw new ApiError(500, `unable to parse worker upid '${upid}'`);
  }
  const task = world.twin.tasks().find((each) => each.upid === upid);
  if (task === undefined) throw new ApiError(500, "no such task");
  if (!account.privileged && task.user !== account.id) {
    throw new ApiError(403, `Permission check failed (/nodes/${task.node}, Sys.Audit)`);
  }
  return task;
}

/** One's own tasks, and everybody's with the right to see them. */
const visible = (tasks: readonly TaskState[], account: Call["account"]): readonly TaskState[] =>
  tasks.filter((task) => account.privileged || task.user === account.id);

const newestFirst = (a: TaskState, b: TaskState): number => b.startWallSeconds - a.startWallSeconds;

const listed = (task: TaskState): Item => ({
  ...identity(task),
  ...(task.endWallSeconds === null
    ? {}
    : { endtime: task.endWallSeconds, status: task.exitStatus ?? "unexpected status" }),
});

/** A token's UPID names `user@realm!token`; the API shows the two apart. */
function identity(task: TaskState): Item {
  const [user = "", token] = task.user.split("!");
  return {
    upid: task.upid,
    node: task.node,
    type: task.type,
    id: task.id,
    user,
    ...(token === undefined ? {} : { tokenid: token }),
    starttime: task.startWallSeconds,
  };
}
