import { DateTime } from "luxon";
import type { HaResource, LrmStatus, ManagerStatus } from "../../twin/proxmox/proxmox-twin.ts";
import type { ApiWorld } from "./api-world.ts";
import type { Call, Reply, Route } from "./router.ts";

const AUDIT = ["/", "Sys.Audit"] as const;

/** What the CRM and the LRMs have written down, raw and in words. */
export const haStatusRoutes: readonly Route[] = [
  {
    method: "GET",
    template: "/cluster/ha/status/manager_status",
    permission: AUDIT,
    handle: managerStatus,
  },
  { method: "GET", template: "/cluster/ha/status/current", permission: AUDIT, handle: current },
];

/** `quorate` is text here, and a number in `current` (facts 7). */
function managerStatus({ world: { twin }, asked }: Call): Reply {
  const manager = twin.managerStatus(asked);
  const services = Object.entries(manager.services).map(([sid, service]) => [
    sid,
    {
      state: service.state,
      node: service.node,
      uid: service.uid,
      ...(service.running ? { running: 1 } : {}),
      ...(service.target === null ? {} : { target: service.target }),
      ...maintenanceNode(manager.maintenanceHomes[sid]),
    },
  ]);
  return {
    data: {
      manager_status: {
        ...(manager.master === null ? {} : { master_node: manager.master }),
        node_status: manager.nodes,
        service_status: Object.fromEntries(services),
        timestamp: manager.wallSeconds,
        ...nodeRequests(manager.maintenanceRequests),
      },
      quorum: { node: asked, quorate: twin.clusterStatus(asked).quorate ? "1" : "0" },
      lrm_status: Object.fromEntries(
        Object.entries(twin.lrmStatus(asked)).map(([node, lrm]) => [node, rawLrm(lrm)]),
      ),
    },
  };
}

const maintenanceNode = (home: string | undefined): Readonly<Record<string, unknown>> =>
  home === undefined ? {} : { maintenance_node: home };

const nodeRequests = (nodes: readonly string[]): Readonly<Record<string, unknown>> =>
  nodes.length === 0
    ? {}
    : { node_request: Object.fromEntries(nodes.map((node) => [node, { maintenance: 1 }])) };

const rawLrm = (lrm: LrmStatus): Readonly<Record<string, unknown>> => ({
  state: lrm.state,
  mode: lrm.mode,
  timestamp: lrm.wallSeconds,
  results: Object.fromEntries(
    Object.entries(lrm.results).map(([uid, result]) => [
      uid,
      { sid: result.sid, state: result.state, exit_code: result.exitCode },
    ]),
  ),
});

type Item = Readonly<Record<string, unknown>>;

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;

function current({ world, asked }: Call): Reply {
  const manager = world.twin.managerStatus(asked);
  const quorate = world.twin.clusterStatus(asked).quorate;
  const items: Item[] = [
    {
      id: "quorum",
      type: "quorum",
      node: asked,
      quorate: quorate ? 1 : 0,
      status: quorate ? "OK" : "No quorum on node!",
    },
  ];
  if (manager.master !== null) items.push(...masterItems(world, manager, manager.master));
  for (const [node, lrm] of Object.entries(world.twin.lrmStatus(asked)).toSorted(byName)) {
    items.push(lrmItem(world, manager, node, lrm));
  }
  for (const resource of world.twin.haResources(asked))
    items.push(serviceItem(world, manager, resource));
  return { data: items };
}

/** A status that was not renewed for longer than this is called dead (API2/HA/Status.pm). */
const OLD_SECONDS = 30;

const isOld = (world: ApiWorld, wallSeconds: number): boolean =>
  world.twinTime.wallSeconds() - wallSeconds > OLD_SECONDS;

/** Perl's `localtime` in words: `Sun Nov 22 03:50:14 2026`, a day of one digit padded with a space. */
function perlTime(wallSeconds: number): string {
  const time = DateTime.fromSeconds(wallSeconds, { zone: "utc", locale: "en-US" });
  return `${time.toFormat("ccc LLL")} ${String(time.day).padStart(2)} ${time.toFormat("HH:mm:ss yyyy")}`;
}

function masterItems(world: ApiWorld, manager: ManagerStatus, master: string): readonly Item[] {
  const state = isOld(world, manager.wallSeconds) ? "old timestamp - dead?" : "active";
  return [
    {
      id: "master",
      type: "master",
      node: master,
      timestamp: manager.wallSeconds,
      status: `${master} (${state}, ${perlTime(manager.wallSeconds)})`,
    },
    {
      id: "fencing",
      type: "fencing",
      node: master,
      "armed-state": "armed",
      status: "armed (CRM watchdog active)",
    },
  ];
}

function lrmItem(world: ApiWorld, manager: ManagerStatus, node: string, lrm: LrmStatus): Item {
  const state = lrmWords(world, manager, node, lrm);
  const watchdog = state === "active" ? "watchdog active" : "watchdog standby";
  return {
    id: `lrm:${node}`,
    type: "lrm",
    node,
    timestamp: lrm.wallSeconds,
    status: `${node} (${state}, ${watchdog}, ${perlTime(lrm.wallSeconds)})`,
  };
}

/** An LRM without its lock is idle only while no service waits for it. */
function lrmWords(world: ApiWorld, manager: ManagerStatus, node: string, lrm: LrmStatus): string {
  if (isOld(world, lrm.wallSeconds)) return "old timestamp - dead?";
  if (lrm.mode !== "active") return `${lrm.mode} mode`;
  if (lrm.state !== "wait_for_agent_lock") return lrm.state;
  const awaited = Object.values(manager.services).some((service) => service.node === node);
  return awaited ? "wait_for_agent_lock" : "idle";
}

function serviceItem(world: ApiWorld, manager: ManagerStatus, resource: HaResource): Item {
  const service = manager.services[resource.sid];
  const vm = world.twin.vms().find((each) => `vm:${each.vmid}` === resource.sid);
  const node = service?.node ?? vm?.node ?? "";
  const state = serviceWords(resource, service ?? null);
  return {
    id: `service:${resource.sid}`,
    type: "service",
    sid: resource.sid,
    node,
    state,
    ...(service === undefined ? {} : { crm_state: service.state }),
    request_state: resource.state,
    max_restart: resource.maxRestart ?? 1,
    max_relocate: resource.maxRelocate ?? 1,
    failback: resource.failback ?? 1,
    ...(resource.comment === null ? {} : { comment: resource.comment }),
    status: `${resource.sid} (${node}, ${state})`,
  };
}

function serviceWords(
  resource: HaResource,
  service: ManagerStatus["services"][string] | null,
): string {
  if (resource.state === "ignored") return "ignored";
  if (service === null) return "queued";
  if (service.state === "started") return service.running ? "started" : "starting";
  return service.state;
}
