import { rangeInWords } from "../../analysis/prediction/in-words.ts";
import { middleMs } from "../../base/interval.ts";
import type {
  LayerState,
  LiveState,
  LiveTrial,
  Liveness,
  PhaseState,
} from "../../live/live-state.ts";
import type { Against } from "../../live/phase-clock.ts";
import { against, faultOf, phaseAt } from "../../live/phase-clock.ts";
import type { Piece, Row } from "./row.ts";
import { flow, padded, row } from "./row.ts";
import type { ScreenView } from "./screen-view.ts";
import { elapsed, secondsOf } from "./words.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Which trial it is, and what it does. */
export function trialHead(trial: LiveTrial, state: LiveState, view: ScreenView): readonly Row[] {
  const { columns, colours, now_ms, tick } = view;
  const count = `[${state.results.length + 1}/${state.run?.trials ?? 0}]`;
  const victim = trial.victim === null ? "" : `  on ${trial.victim}`;
  const spinner = SPINNER[tick % SPINNER.length] ?? "";
  const doing = `  ${elapsed(now_ms - trial.doing_since_ms)}`;
  return [
    row(
      [
        `${count} `,
        [`${trial.arm} #${trial.repetition}`, colours.bold],
        victim,
        `  ${elapsed(now_ms - trial.since_ms)}`,
      ],
      columns,
    ),
    row([[`${spinner} `, colours.cyan], trial.doing, [doing, colours.dim]], columns),
  ];
}

/** What ticks, against its prediction: each phase, and the recovery that they add up to. */
export function phaseRows(trial: LiveTrial, view: ScreenView): readonly Row[] {
  const { columns, colours } = view;
  if (trial.phases.length === 0) return [outageRow(trial, view)];
  const head = line(["", "so far", "predicted", ""]);
  return [
    row(["  ", [head, colours.dim]], columns),
    ...trial.phases.map((phase) => phaseRow(phase, view)),
    recoveryRow(trial, view),
  ];
}

function phaseRow(phase: PhaseState, view: ScreenView): Row {
  const { lasted_ms, against: seen } = phaseAt(phase, view.now_ms);
  const predicted = phase.predicted_ms === null ? "" : rangeInWords(phase.predicted_ms);
  const lasted =
    phase.state === "unseen" ? "unseen" : lasted_ms === null ? "" : secondsOf(lasted_ms);
  const text = line([phase.phase, lasted, predicted, wordOf[seen]]);
  const isRunning = phase.state === "running";
  return row([isRunning ? "▸ " : "  ", [text, paintOf(isRunning, seen, view)]], view.columns);
}

function recoveryRow(trial: LiveTrial, view: ScreenView): Row {
  const { columns, now_ms } = view;
  const { predicted_ms, outage } = trial;
  const fault = faultOf(trial);
  const predicted = predicted_ms === null ? "" : rangeInWords(predicted_ms);
  if (fault === null) return row(["  ", line(["recovery", "", predicted, ""])], columns);
  const isRunning = outage.back_ms === null;
  const until = outage.back_ms ?? now_ms;
  const most = isRunning ? Number.POSITIVE_INFINITY : until - fault[0];
  const seen = against([until - fault[1], most], predicted_ms);
  const lasted = secondsOf(Math.max(0, until - middleMs(fault)));
  const text = line(["recovery", lasted, predicted, wordOf[seen]]);
  return row(["  ", [text, paintOf(isRunning, seen, view)]], columns);
}

/** Of a fault that leaves it to the cluster whether anybody notices. */
function outageRow({ outage }: LiveTrial, { now_ms, columns }: ScreenView): Row {
  const { lost_ms, back_ms } = outage;
  const lasted = lost_ms === null ? "none so far" : secondsOf((back_ms ?? now_ms) - lost_ms);
  return row(["  ", line(["outage", lasted, "", ""])], columns);
}

const line = ([name, lasted, predicted, word]: readonly [string, string, string, string]): string =>
  `${padded(name, 9)} ${lasted.padStart(8)}  ${predicted.padStart(12)} ${word}`.trimEnd();

const wordOf: Readonly<Record<Against, string>> = {
  early: "early",
  inside: "",
  late: "late",
  unknown: "",
};

function paintOf(isRunning: boolean, seen: Against, { colours }: ScreenView) {
  if (seen === "late" || seen === "early") return colours.yellow;
  return isRunning ? colours.cyan : (text: string) => text;
}

/** How far an attempt gets, from TCP down; and whether the way there is all right. */
export function layerRows(trial: LiveTrial, view: ScreenView): readonly Row[] {
  const pieces = [
    ...trial.layers.map((layer) => layerPiece(layer.layer, layer, view)),
    layerPiece("control", trial.control, view),
  ];
  return flow(pieces, "  ", view.columns - 2).map(({ text, width }) => ({
    text: `  ${text}`,
    width: width + 2,
  }));
}

type Answering = Pick<LayerState, "state" | "since_ms">;

function layerPiece(name: string, { state, since_ms }: Answering, view: ScreenView): Piece {
  const isLong = state === "bad" && since_ms !== null;
  const since = isLong ? ` ${elapsed(view.now_ms - since_ms)}` : "";
  return [`${name} ${markOf[state]}${since}`, paints(view)[state]];
}

const markOf: Readonly<Record<Liveness, string>> = { good: "✓", bad: "✗", unknown: "·" };

const paints = ({ colours }: ScreenView) =>
  ({ good: colours.green, bad: colours.red, unknown: colours.dim }) as const;
