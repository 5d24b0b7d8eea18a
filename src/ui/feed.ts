import type { LiveState } from "../live/live-state.ts";
import { nothingYet } from "../live/live-state.ts";
import type { DesktopView, StateChange } from "./page-events.ts";
import { eventName, withChange } from "./page-events.ts";

/** All that a page knows, and when it was told. */
export interface Known {
  readonly state: LiveState;
  readonly desktop: DesktopView;
  /** Of the run's clock. */
  readonly now_ms: number;
  /** Of the page's own, when it was told. */
  readonly told_at: number;
  readonly link: "connecting" | "open" | "lost" | "over";
}

export const nothingKnown: Known = {
  state: nothingYet,
  desktop: { trial: null, state: "absent" },
  now_ms: 0,
  told_at: 0,
  link: "connecting",
};

/** Listens to the run for as long as the page is open. The browser connects again by itself. */
export function listen(change: (how: (known: Known) => Known) => void): void {
  const source = new EventSource("/api/events");
  const on = (name: string, take: (known: Known, data: string) => Known): void => {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      change((known) => take(known, event.data));
    });
  };
  on(eventName.state, (known, data) => {
    const told: StateChange = JSON.parse(data);
    return {
      ...known,
      state: withChange(known.state, told),
      now_ms: told.now_ms,
      told_at: performance.now(),
      link: "open",
    };
  });
  on(eventName.desktop, (known, data) => {
    const desktop: DesktopView = JSON.parse(data);
    return { ...known, desktop };
  });
  on(eventName.end, (known) => {
    source.close();
    return { ...known, link: "over" };
  });
  source.addEventListener("error", () => {
    change((known) => ({ ...known, link: known.link === "over" ? "over" : "lost" }));
  });
}

/** The run's clock now: it goes on between two messages, and stands still when the run has ended or is lost. */
export function clockNow({ state, now_ms, told_at, link }: Known): number {
  if (state.ended !== null || link !== "open") return now_ms;
  return now_ms + (performance.now() - told_at) * (state.run?.speed ?? 1);
}
