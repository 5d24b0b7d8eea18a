import type { RangeMs, Span } from "../../base/interval.ts";
import { rangeInMs, spanInMs } from "../../base/interval.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { ManagerStatus, ServiceStatus } from "../../clients/proxmox/replies.ts";
import { managerStatus } from "../../clients/proxmox/replies.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { shownAt } from "../survey/shown-at.ts";
import { ageAt, renewedAt, writtenAt } from "./age.ts";
import { ownTotem } from "./own-totem.ts";
import type { Session } from "./session.ts";
import { writeLag } from "./write-lag.ts";

/** The inputs of a prediction, read just before the kill: ages of the victim's lock and of the CRM's last round. */
export async function readTimers(
  session: Session,
  victim: string,
  signal: AbortSignal,
): Promise<ClusterTimers> {
  const totem = await ownTotem(session, signal);
  const path = "/cluster/ha/status/manager_status";
  const reply = await session.api.call({ method: "GET", path }, signal);
  const status = parse(managerStatus, reply.data, `GET ${path}`);
  const { manager_status: manager, lrm_status: lrms } = status;
  const crmStamp = { by: manager.master_node, stamp: manager.timestamp };
  const lrmWrote = (node: string): Write | null =>
    lastWrite(
      session,
      `lrm:${node}`,
      { by: node, stamp: lrms[node]?.timestamp ?? null },
      reply.during,
    );
  const lock = lrmWrote(victim);
  const crm = lastWrite(session, "crm", crmStamp, reply.during);
  return {
    kind: "proxmox",
    master: manager.master_node,
    victim_is_master: manager.master_node === victim,
    lock_age_ms:
      lock === null
        ? null
        : age(renewedAt(lock.at, writeLag(victim, lock.before, status)), reply.during),
    crm_age_ms: crm === null ? null : age(crm.at, reply.during),
    lrm_states: Object.fromEntries(Object.entries(lrms).map(([node, lrm]) => [node, lrm.state])),
    lrm_ages_ms: Object.fromEntries(
      Object.keys(lrms).flatMap((node) => {
        const wrote = lrmWrote(node);
        return wrote === null ? [] : [[node, age(wrote.at, reply.during)]];
      }),
    ),
    lrm_services: servicesOf(manager.service_status),
    fenced_nodes: [...session.memory.fencedNodes.keys()],
    nodes: Object.keys(lrms).length,
    ...totem,
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

/** The newest write of a status file. */
interface Write {
  readonly at: Span;
  /** The last look that did not show it yet; null: there was none. */
  readonly before: ManagerStatus | null;
}

/** A stamp is of the clock of the node that wrote it; where that was not asked, those of the API hosts stand for it. */
function lastWrite(
  session: Session,
  name: string,
  { by, stamp }: { readonly by: string | null; readonly stamp: number | null },
  asked: Span,
): Write | null {
  if (stamp === null) return null;
  const stamped =
    shownAt(session.memory.clocks, by, [stamp, stamp + 1]) ??
    session.api.serverClock.instantOf(stamp);
  const { seen, before } = changeOf(session, name, stamp, asked);
  const at = writtenAt(stamped, seen);
  return at === null ? null : { at, before };
}

/** Between which two looks, or the newest one and the reading, the stamp came; null: that was not seen. */
function changeOf(
  { memory: { renewals, latestLook } }: Session,
  name: string,
  stamp: number,
  asked: Span,
): Pick<Write, "before"> & { readonly seen: Span | null } {
  const noted = renewals.get(name);
  if (noted === undefined) return { seen: null, before: null };
  if (noted.stamp === stamp || latestLook === null) {
    return { seen: noted.written, before: noted.before };
  }
  const { during, manager } = latestLook;
  return { seen: { earliest: during.earliest, latest: asked.latest }, before: manager };
}

const age = (event: Span, at: Span): RangeMs => rangeInMs(ageAt(event, at));
