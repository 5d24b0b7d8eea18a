import type { LiveResult } from "../live/live-event.ts";
import type { LiveState } from "../live/live-state.ts";

/** What the server tells a page. Names of its events. */
export const eventName = { state: "state", desktop: "desktop", end: "end" } as const;

/** What is new since the last that was told. */
export interface StateChange {
  /** On the run's clock, when it was told. */
  readonly now_ms: number;
  /** Of what is not a list, those parts that are different, as a whole. */
  readonly parts: Partial<Omit<LiveState, "results">>;
  /** Results are only ever added: how many are known before these. */
  readonly known: number;
  readonly results: readonly LiveResult[];
}

/** Of the desktop, so that a page never has to try. */
export interface DesktopView {
  readonly trial: string | null;
  readonly state:
    /** No trial has one now. */
    | "absent"
    /** It is watched no deeper than its page: there may be no screen. */
    | "unseen"
    /** Its outage is measured: from the fault's request until it answers again nobody but the probe asks it anything. */
    | "measured"
    /** It does not answer. */
    | "silent"
    /** A page shows it. */
    | "watched"
    /** It was looked at just now; a console more rarely. */
    | "resting"
    /** A page may connect. */
    | "free";
}

/** @param before null: nothing was told yet */
export function changeBetween(
  before: LiveState | null,
  { results, ...rest }: LiveState,
  now_ms: number,
): StateChange {
  const known = before?.results.length ?? 0;
  const earlier: Readonly<Record<string, unknown>> = { ...before };
  const parts = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => before === null || earlier[name] !== value),
  );
  return { now_ms, parts, known, results: results.slice(known) };
}

export const withChange = (
  state: LiveState,
  { parts, known, results }: StateChange,
): LiveState => ({
  ...state,
  ...parts,
  results: [...state.results.slice(0, known), ...results],
});
