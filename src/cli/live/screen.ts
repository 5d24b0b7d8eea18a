import { instantInMs } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { OnDropped } from "../../live/audience.ts";
import { Audience } from "../../live/audience.ts";
import type { LiveFeed } from "../../live/live-feed.ts";
import type { Bottom, Terminal } from "../terminal.ts";
import { hookLine } from "./hook-line.ts";
import type { Row } from "./row.ts";
import { screenRows } from "./screen-rows.ts";
import { resultLine, stoppingLine } from "./words.ts";

/** How often it is drawn at the most, in real time. */
const REDRAW_MS = 250;

/** What it is called where it is dropped. */
export const SCREEN = "the screen";

interface ScreenParts {
  readonly terminal: Pick<Terminal, "err" | "colours">;
  /** Of that terminal. */
  readonly bottom: Bottom;
  readonly clock: Pick<Clock, "now">;
  /** Of the terminal, now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly onDropped: OnDropped;
}

/**
 * Draws a run's state at the bottom of a terminal again and again; what is over scrolls away above it, and so does what others
 * write meanwhile. Once it is closed, safely more than once, it says no more than why the run stops.
 */
export function liveScreen(
  feed: LiveFeed,
  { terminal, bottom, clock, size, onDropped }: ScreenParts,
): { readonly close: () => void } {
  let [drawn, said, tick, closed] = [[] as readonly Row[], "", 0, false];
  const say = (line: string): void => {
    said += line;
  };
  const show = (rows: readonly Row[], columns: number): void => {
    if (drawn.length > 0) bottom.erase(height(drawn, columns));
    const text = said + rows.map((each) => `${each.text}\n`).join("");
    if (text !== "") bottom.write(text);
    [drawn, said] = [rows, ""];
  };
  // At once, as a process may write its last words, and without what it drew below them.
  bottom.lend((text) => {
    say(text.endsWith("\n") ? text : `${text}\n`);
    show([], size().columns);
  });
  const draw = (): void => {
    const { columns, rows } = size();
    tick += 1;
    // Some terminals wrap as soon as the last column is written.
    const paper = { columns: Math.max(1, columns - 1), rows };
    const view = { ...paper, tick, now_ms: instantInMs(clock.now()), colours: terminal.colours };
    show(screenRows(feed.state, view), columns);
  };
  feed.listen(SCREEN, (event, state) => {
    if (closed) {
      if (event.kind === "stopping") terminal.err(stoppingLine(event.why, state));
      return;
    }
    if (event.kind === "record") say(hookLine(event.event, terminal));
    if (event.kind !== "trial-ended") return;
    const { arm, repetition } = event.result;
    say(`${arm} #${repetition}  ${resultLine(event.result, terminal.colours)}\n`);
  });
  const drawing = new Audience<() => void>(onDropped);
  drawing.add(SCREEN, draw);
  const timer = setInterval(() => {
    drawing.tell((each) => {
      each();
    });
  }, REDRAW_MS).unref();
  return {
    close: () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      show([], size().columns);
      bottom.lend(null);
    },
  };
}

/** Lines that rows take now: a terminal that became narrower has wrapped them. */
const height = (rows: readonly Row[], columns: number): number =>
  rows.reduce((sum, { width }) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
