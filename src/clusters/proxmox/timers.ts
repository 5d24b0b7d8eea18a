import type { RangeMs, Span } from "../../base/interval.ts";
import { rangeInMs, spanInMs } from "../../base/interval.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { ServiceStatus } from "../../clients/proxmox/replies.ts";
import { managerStatus } from "../../clients/proxmox/replies.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { shownAt } from "../survey/shown-at.ts";
import { ageAt, renewedAt, writtenAt } from "./age.ts";
import type { Session } from "./session.ts";

/** The inputs of a prediction, read just before the kill: ages of the victim's lock and of the CRM's last round. */
export async function readTimers(
  session: Session,
  victim: string,
  signal: AbortSignal,
): Promise<ClusterTimers> {
  const { api, cluster } = session;
  const path = "/cluster/ha/status/manager_status";
  const reply = await api.call({ method: "GET", path }, signal);
  const { manager_status: manager, lrm_status: lrms } = parse(
    managerStatus,
    reply.data,
    `GET ${path}`,
  );
  const crmStamp = { by: manager.master_node, stamp: manager.timestamp };
  const writtenBy = (node: string): Span | null =>
    written(
      session,
      `lrm:${node}`,
      { by: node, stamp: lrms[node]?.timestamp ?? null },
      reply.during,
    );
  const lock = writtenBy(victim);
  const crm = written(session, "crm", crmStamp, reply.during);
  return {
    kind: "proxmox",
    master: manager.master_node,
    victim_is_master: manager.master_node === victim,
    lock_age_ms: lock === null ? null : age(renewedAt(lock), reply.during),
    crm_age_ms: crm === null ? null : age(crm, reply.during),
    lrm_states: Object.fromEntries(Object.entries(lrms).map(([node, lrm]) => [node, lrm.state])),
    lrm_ages_ms: Object.fromEntries(
      Object.keys(lrms).flatMap((node) => {
        const status = writtenBy(node);
        return status === null ? [] : [[node, age(status, reply.during)]];
      }),
    ),
    lrm_services: servicesOf(manager.service_status),
    fenced_nodes: [...session.memory.fencedNodes.keys()],
    nodes: Object.keys(lrms).length,
    token_ms: cluster.corosync.token_ms,
    token_coefficient_ms: cluster.corosync.token_coefficient_ms,
    at_ms: spanInMs(reply.during),
  };
}

/** Those that run or are to run; one on the move counts on both nodes, as it does for PVE. */
function servicesOf(services: Readonly<Record<string, ServiceStatus>>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { state, node, target } of Object.values(services)) {
    if (state === "stopped") continue;
    for (const each of new Set([node, target ?? node]))
      counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** A stamp is of the clock of the node that wrote it; where that was not asked, those of the API hosts stand for it. */
function written(
  session: Session,
  name: string,
  { by, stamp }: { readonly by: string | null; readonly stamp: number | null },
  asked: Span,
): Span | null {
  if (stamp === null) return null;
  const { renewals, latestLook, clocks } = session.memory;
  const noted = renewals.get(name);
  const newer = noted !== undefined && noted.stamp !== stamp && latestLook !== null;
  // A stamp that the newest look did not show yet was written since then.
  const seen = newer
    ? { earliest: latestLook.during.earliest, latest: asked.latest }
    : (noted?.written ?? null);
  const stamped =
    shownAt(clocks, by, [stamp, stamp + 1]) ?? session.api.serverClock.instantOf(stamp);
  return writtenAt(stamped, seen);
}

const age = (event: Span, at: Span): RangeMs => rangeInMs(ageAt(event, at));
