import { rangeInWords } from "../../analysis/prediction/in-words.ts";
import { median } from "../../analysis/quantile.ts";
import { counted } from "../../base/counted.ts";
import { middleMs } from "../../base/interval.ts";
import type { LiveArm, LiveResult, LiveRun } from "../../live/live-event.ts";
import type { LiveState } from "../../live/live-state.ts";
import { timeLeft } from "../../live/time-left.ts";
import type { Row } from "./row.ts";
import { cut, padded, row } from "./row.ts";
import type { ScreenView } from "./screen-view.ts";
import { leftInWords, secondsOf } from "./words.ts";

/** What runs, how far it is, and how long it still takes, in real time. */
export function studyRows(run: LiveRun, state: LiveState, view: ScreenView): readonly Row[] {
  const { columns, colours } = view;
  const speed = run.speed === 1 ? "" : `  at ${run.speed} times the speed`;
  const done = `${state.results.length} of ${counted(run.trials, "trial")}${leftOf(state, run, view)}`;
  const room = Math.min(30, Math.max(0, columns - done.length - 2));
  const filled = Math.round((room * state.results.length) / Math.max(1, run.trials));
  return [
    row([[run.experiment, colours.bold], speed, "  ", [run.title, colours.dim]], columns),
    row(
      [
        [FULL.repeat(filled), colours.green],
        [EMPTY.repeat(room - filled), colours.dim],
        "  ",
        done,
      ],
      columns,
    ),
  ];
}

const FULL = "█";
const EMPTY = "░";

function leftOf(state: LiveState, { speed }: LiveRun, { now_ms }: ScreenView): string {
  if (state.stopping !== null || state.ended !== null) return "";
  const left = timeLeft(state, now_ms);
  return left === null ? "" : `, ${leftInWords([left[0] / speed, left[1] / speed])} left`;
}

/** Longer names are cut. */
const LONGEST_NAME = 20;
/** More arms than a screen has room for. */
const MOST_ARMS = 6;

/** Each arm so far. */
export function armRows(run: LiveRun, results: readonly LiveResult[], view: ScreenView): Row[] {
  const { columns, colours } = view;
  const names = run.arms.map(({ arm }) => cut(arm, LONGEST_NAME));
  const widest = Math.max(0, ...names.map((name) => name.length));
  const shown = run.arms.slice(0, MOST_ARMS).map((arm, index) => {
    const own = results.filter((result) => result.arm === arm.arm);
    const name = padded(names[index] ?? "", widest);
    return row([`  ${name}  ${own.length} of ${arm.trials}  ${soFar(arm, own)}`], columns);
  });
  const hidden = run.arms.length - shown.length;
  const more = hidden > 0 ? [row([[`  and ${hidden} more`, colours.dim]], columns)] : [];
  return [...shown, ...more];
}

/** `median 134.2 s (127.9 .. 141.0 s), 1 void`; what is expected of it while none recovered. */
function soFar({ expected }: LiveArm, results: readonly LiveResult[]): string {
  const times = results.flatMap(({ durations_ms }) =>
    durations_ms.recovery === null ? [] : [middleMs(durations_ms.recovery)],
  );
  const recoveries =
    times.length > 0
      ? [recoveriesInWords(times)]
      : expected === null
        ? []
        : [`expected ${rangeInWords(expected.recovery_ms)}`];
  return [...recoveries, ...others(results)].join(", ");
}

function recoveriesInWords(times: readonly number[]): string {
  if (times.length === 1) return secondsOf(median(times));
  const least = (Math.min(...times) / 1000).toFixed(1);
  return `median ${secondsOf(median(times))} (${least} .. ${secondsOf(Math.max(...times))})`;
}

/** Of those that did not recover: `1 void`. */
function others(results: readonly LiveResult[]): readonly string[] {
  const kinds = results
    .map(({ outcome }) => outcome?.kind ?? "recovered")
    .filter((kind) => kind !== "recovered");
  return [...new Set(kinds)].map(
    (kind) => `${kinds.filter((other) => other === kind).length} ${kind}`,
  );
}
