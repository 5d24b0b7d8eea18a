import type { ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { JournalRecord, TrialEvent } from "../model/journal.ts";

/** One trial's events with their place on the clock, by trial, in the order of the journal. */
export type TrialRecord = Omit<JournalRecord, "event"> & { readonly event: TrialEvent };

export function recordsByTrial(
  records: readonly JournalRecord[],
): ReadonlyMap<string, readonly TrialRecord[]> {
  const byTrial = new Map<string, TrialRecord[]>();
  for (const record of records) {
    const { event } = record;
    if (!("trial" in event)) continue;
    const own = byTrial.get(event.trial) ?? [];
    own.push({ ...record, event });
    byTrial.set(event.trial, own);
  }
  return byTrial;
}

type OfKind<Kind extends TrialEvent["kind"]> = Extract<TrialEvent, { readonly kind: Kind }>;

/** The first event of a kind; null when there is none. */
export function firstOf<Kind extends TrialEvent["kind"]>(
  records: readonly TrialRecord[],
  kind: Kind,
): OfKind<Kind> | null {
  return allOf(records, kind)[0] ?? null;
}

/** The last one: what was read again before the kill counts. */
export function lastOf<Kind extends TrialEvent["kind"]>(
  records: readonly TrialRecord[],
  kind: Kind,
): OfKind<Kind> | null {
  return allOf(records, kind).at(-1) ?? null;
}

export function allOf<Kind extends TrialEvent["kind"]>(
  records: readonly TrialRecord[],
  kind: Kind,
): readonly OfKind<Kind>[] {
  return records
    .map(({ event }) => event)
    .filter((event): event is OfKind<Kind> => event.kind === kind);
}

/** What the control plane said. */
export const eventsOf = (records: readonly TrialRecord[]): readonly ControlPlaneEvent[] =>
  allOf(records, "control-plane").map(({ event }) => event);
