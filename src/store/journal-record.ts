import type { JournalEvent, JournalRecord } from "../model/journal.ts";
import { isObject } from "./parse-json.ts";

/** Complete by the compiler: an event that is added to the model must be added here to be read back. */
const KINDS: Readonly<Record<JournalEvent["kind"], true>> = {
  "run-started": true,
  "cluster-identified": true,
  "lock-wanted": true,
  "lock-refused": true,
  "lock-released": true,
  "hook-started": true,
  "hook-ended": true,
  "restore-started": true,
  "restore-ended": true,
  "run-resumed": true,
  "run-ended": true,
  "trial-started": true,
  "cluster-ready": true,
  "cluster-not-ready": true,
  intent: true,
  "act-done": true,
  "act-failed": true,
  "desktop-deployed": true,
  steady: true,
  "no-steady-state": true,
  "victim-found": true,
  refused: true,
  overridden: true,
  timers: true,
  "clock-offsets": true,
  "session-held": true,
  "session-not-held": true,
  "session-frozen": true,
  "session-thawed": true,
  "session-ended": true,
  prediction: true,
  "not-predicted": true,
  "fault-requested": true,
  "fault-confirmed": true,
  "fault-not-confirmed": true,
  observing: true,
  "control-plane": true,
  "answering-again": true,
  "never-lost": true,
  "still-down": true,
  picture: true,
  "no-picture": true,
  viewed: true,
  "undo-done": true,
  "undo-failed": true,
  healed: true,
  "not-healed": true,
  "samples-lost": true,
  "trial-ended": true,
};

/** A record as any version may have written it. */
export interface AnyRecord {
  readonly seq: number;
  readonly event: Readonly<Record<string, unknown>> & { readonly kind: string };
}

export const isAnyRecord = (value: unknown): value is AnyRecord =>
  isObject(value) &&
  Number.isSafeInteger(value["seq"]) &&
  Number.isFinite(value["at_ms"]) &&
  typeof value["wall"] === "string" &&
  isObject(value["event"]) &&
  typeof value["event"]["kind"] === "string";

/** Whether it is of a kind of ours. Its event is trusted from its kind on: nobody but `FileJournal` writes journals. */
export const isJournalRecord = (value: unknown): value is JournalRecord =>
  isAnyRecord(value) && Object.hasOwn(KINDS, value.event.kind);
