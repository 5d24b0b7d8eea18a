import type { LiveState } from "../../live/live-state.ts";
import type { Row } from "./row.ts";
import { row } from "./row.ts";
import type { ScreenView } from "./screen-view.ts";
import { armRows, studyRows } from "./study-rows.ts";
import { timelineRow } from "./timeline-row.ts";
import { layerRows, phaseRows, trialHead } from "./trial-rows.ts";
import { stoppingLine } from "./words.ts";

/** What the smallest terminals show. */
const MOST_ROWS = 24;

/** The state on one screen; what is least important is left out where there is no room for it. */
export function screenRows(state: LiveState, view: ScreenView): readonly Row[] {
  const { run } = state;
  if (run === null) return [];
  const parts: readonly Part[] = [
    { importance: 4, rows: studyRows(run, state, view) },
    { importance: 7, rows: armRows(run, state.results, view) },
    ...trialParts(state, view),
    { importance: 2, rows: stoppingRows(state, view) },
  ];
  return fitting(parts, Math.min(MOST_ROWS, Math.max(0, view.rows - 1))).flatMap(
    (part) => part.rows,
  );
}

/** The least important has the highest number. */
interface Part {
  readonly importance: number;
  readonly rows: readonly Row[];
}

const BLANK: Row = { text: "", width: 0 };
const blank: Part = { importance: 9, rows: [BLANK] };

function trialParts(state: LiveState, view: ScreenView): readonly Part[] {
  const { trial } = state;
  if (trial === null) return [blank, { importance: 1, rows: [betweenRow(state, view)] }];
  return [
    blank,
    { importance: 1, rows: trialHead(trial, state, view) },
    blank,
    { importance: 3, rows: phaseRows(trial, view) },
    blank,
    { importance: 5, rows: layerRows(trial, view) },
    { importance: 6, rows: [timelineRow(trial, view)] },
  ];
}

function betweenRow({ doing, ended }: LiveState, { columns, colours }: ScreenView): Row {
  return row([[ended === null ? doing : "ended", colours.dim]], columns);
}

function stoppingRows(state: LiveState, { columns, colours }: ScreenView): readonly Row[] {
  if (state.stopping === null) return [];
  return [row([[stoppingLine(state.stopping, state).trimEnd(), colours.yellow]], columns)];
}

/** Without as many of the least important parts as it takes. */
function fitting(parts: readonly Part[], room: number): readonly Part[] {
  const length = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  if (length <= room || parts.length === 0) return parts;
  const least = Math.max(...parts.map(({ importance }) => importance));
  const dropped = parts.findLastIndex(({ importance }) => importance === least);
  return fitting(
    parts.filter((_, index) => index !== dropped),
    room,
  );
}
