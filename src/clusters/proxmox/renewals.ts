import type { Span } from "../../base/interval.ts";
import { later } from "../../base/time.ts";
import type { ManagerStatus } from "../../clients/proxmox/replies.ts";
import type { Look } from "./look.ts";

/** When a status file was last seen to change: `lrm:<node>` or `crm`. */
export type Renewals = ReadonlyMap<string, Renewal>;

interface Renewal {
  readonly stamp: number;
  /** Between which two looks; null: no change was seen yet. */
  readonly written: Span | null;
  /** What the look before it showed. */
  readonly before: ManagerStatus | null;
}

/** Takes a new look in. `written` is null until a change was seen: at the first look it may be of any age. */
export function noteRenewals(known: Renewals, previous: Look | null, current: Look): Renewals {
  const next = new Map(known);
  for (const [name, stamp] of stampsOf(current.manager)) {
    const before = known.get(name);
    if (before?.stamp === stamp) continue;
    next.set(
      name,
      before === undefined || previous === null
        ? { stamp, written: null, before: null }
        : { stamp, written: between(previous, current), before: previous.manager },
    );
  }
  return next;
}

const between = (previous: Look, current: Look): Span => ({
  earliest: previous.during.earliest,
  latest: later(previous.during.earliest, current.during.latest),
});

function stampsOf(manager: ManagerStatus): readonly (readonly [string, number])[] {
  const stamps: [string, number][] = [];
  if (manager.manager_status.timestamp !== null) {
    stamps.push(["crm", manager.manager_status.timestamp]);
  }
  for (const [node, lrm] of Object.entries(manager.lrm_status)) {
    if (lrm.timestamp !== null) stamps.push([`lrm:${node}`, lrm.timestamp]);
  }
  return stamps;
}
