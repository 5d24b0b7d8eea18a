import { DateTime } from "luxon";
import type { JournalEvent, JournalRecord, RunEvent } from "../model/journal.ts";
import type { RunReport } from "../model/run-report.ts";
import { clusterSettings } from "./cluster-settings.ts";

export type Course = Pick<
  RunReport,
  | "origin_wall"
  | "started_wall"
  | "ended_wall"
  | "length_ms"
  | "end"
  | "end_detail"
  | "clusters"
  | "clock"
>;

/** What the journal says of the run as a whole. */
export function courseOf(records: readonly JournalRecord[]): Course {
  const start = firstOf(records, "run-started");
  const resumed = records.findLastIndex(({ event }) => event.kind === "run-resumed");
  const end = firstOf(records.slice(resumed + 1), "run-ended");
  return {
    origin_wall: originOf(records[0]),
    started_wall: records[0]?.wall ?? null,
    ended_wall: end?.wall ?? null,
    length_ms: (records.at(-1)?.at_ms ?? 0) - (records[0]?.at_ms ?? 0),
    ...(end === null
      ? { end: null, end_detail: "the journal has no end: the run died or is under way" }
      : { end: end.event.end, end_detail: end.event.detail }),
    clusters: clustersOf(records),
    clock: start === null ? null : start.event.clock,
  };
}

function clustersOf(records: readonly JournalRecord[]): RunReport["clusters"] {
  const identified = new Map(
    records.flatMap(({ event }) =>
      event.kind === "cluster-identified" ? [[event.cluster, event.identity] as const] : [],
    ),
  );
  return [...identified].map(([name, identity]) => ({
    name,
    identity,
    settings: clusterSettings(records, name),
  }));
}

function originOf(first: JournalRecord | undefined): string | null {
  if (first === undefined) return null;
  const told = DateTime.fromISO(first.wall, { zone: "utc" });
  return told.isValid ? told.minus(first.at_ms).toISO() : null;
}

interface OfKind<Kind extends RunEvent["kind"]> {
  readonly wall: string;
  readonly event: Extract<RunEvent, { readonly kind: Kind }>;
}

function firstOf<Kind extends RunEvent["kind"]>(
  records: readonly JournalRecord[],
  kind: Kind,
): OfKind<Kind> | null {
  const isOfKind = (event: JournalEvent): event is OfKind<Kind>["event"] => event.kind === kind;
  for (const { wall, event } of records) if (isOfKind(event)) return { wall, event };
  return null;
}
