import { instantInMs } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { OnDropped } from "../../live/audience.ts";
import { Audience } from "../../live/audience.ts";
import type { LiveFeed } from "../../live/live-feed.ts";
import type { Terminal } from "../terminal.ts";
import { hookLine } from "./hook-line.ts";
import type { Row } from "./row.ts";
import { screenRows } from "./screen-rows.ts";
import { resultLine } from "./words.ts";

/** How often it is drawn at the most, in real time. */
const REDRAW_MS = 250;

interface ScreenParts {
  readonly terminal: Pick<Terminal, "err" | "erase" | "colours">;
  readonly clock: Pick<Clock, "now">;
  /** Of the terminal, now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly onDropped: OnDropped;
}

/** Draws a run's state at the bottom of a terminal again and again; what is over scrolls away above it. */
export function liveScreen(
  feed: LiveFeed,
  { terminal, clock, size, onDropped }: ScreenParts,
): { readonly close: () => void } {
  let [drawn, said, tick] = [[] as readonly Row[], "", 0];
  const say = (line: string): void => {
    said += line;
  };
  const show = (rows: readonly Row[], columns: number): void => {
    if (drawn.length > 0) terminal.erase(height(drawn, columns));
    const text = said + rows.map((each) => `${each.text}\n`).join("");
    if (text !== "") terminal.err(text);
    [drawn, said] = [rows, ""];
  };
  const draw = (): void => {
    const { columns, rows } = size();
    tick += 1;
    // Some terminals wrap as soon as the last column is written.
    const paper = { columns: Math.max(1, columns - 1), rows };
    const view = { ...paper, tick, now_ms: instantInMs(clock.now()), colours: terminal.colours };
    show(screenRows(feed.state, view), columns);
  };
  feed.listen("the screen", (event) => {
    if (event.kind === "record") say(hookLine(event.event, terminal));
    if (event.kind !== "trial-ended") return;
    const { arm, repetition } = event.result;
    say(`${arm} #${repetition}  ${resultLine(event.result, terminal.colours)}\n`);
  });
  const drawing = new Audience<() => void>(onDropped);
  drawing.add("the screen", draw);
  const timer = setInterval(() => {
    drawing.tell((each) => {
      each();
    });
  }, REDRAW_MS).unref();
  return {
    close: () => {
      clearInterval(timer);
      show([], size().columns);
    },
  };
}

/** Lines that rows take now: a terminal that became narrower has wrapped them. */
const height = (rows: readonly Row[], columns: number): number =>
  rows.reduce((sum, { width }) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0);
