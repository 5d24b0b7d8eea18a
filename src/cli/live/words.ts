import { rangeInWords } from "../../analysis/prediction/in-words.ts";
import type { RangeMs } from "../../base/interval.ts";
import { formatDuration, seconds } from "../../base/time.ts";
import type { LiveResult } from "../../live/live-event.ts";
import type { LiveState } from "../../live/live-state.ts";
import type { Terminal } from "../terminal.ts";

type Colours = Terminal["colours"];

export const secondsOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** To the second: `1 min 32 s`. */
export const elapsed = (ms: number): string =>
  formatDuration(seconds(Math.max(0, Math.floor(ms / 1000)))).replace(/^0 ms$/u, "0 s");

/** Rounded outwards, as it is a guess: `21 .. 24 min`. */
export function leftInWords([low, high]: RangeMs): string {
  const unit = units.find(({ from_ms }) => high >= from_ms) ?? shortest;
  const least = Math.floor(low / unit.ms);
  const most = Math.ceil(high / unit.ms);
  return `${least === most ? `about ${most}` : `${least} .. ${most}`} ${unit.name}`;
}

const shortest = { name: "s", ms: 1000, from_ms: 0 };
const units = [
  { name: "h", ms: 3_600_000, from_ms: 5 * 3_600_000 },
  { name: "min", ms: 60_000, from_ms: 2 * 60_000 },
  shortest,
];

/** Why a run stops, and what comes first, with its newline. */
export const stoppingLine = (why: string, state: LiveState): string =>
  `${why}; ${comesFirst(state)} (a second Ctrl-C leaves at once)\n`;

function comesFirst({ trial, ended }: LiveState): string {
  if (ended?.end === "not-restored") return "the run is over, and its report is being written";
  if (ended !== null) return "nothing is left to heal, and the report is being written";
  return trial === null ? "ending the run" : "healing first";
}

/** How a trial came out, in one line. */
export function resultLine(result: LiveResult, colours: Colours): string {
  const { outcome } = result;
  switch (outcome?.kind) {
    case undefined:
      return "ended; its result stands in the report";
    case "recovered": {
      const same = outcome.instance === "same" ? ", the same instance: no failover" : "";
      return `${colours.green("recovered")} ${recovery(result)}${same}${asPredicted(result, colours)}`;
    }
    case "no-outage":
      return `${colours.green("no outage")}: it went on answering`;
    case "censored":
      return colours.red(`still down after ${secondsOf(outcome.longer_than_ms)}`);
    case "void":
    case "refused":
    case "interrupted":
      return `${colours.yellow(outcome.kind)}: ${outcome.why}`;
  }
}

function recovery({ durations_ms, victim, moved_to }: LiveResult): string {
  const range = durations_ms.recovery;
  const time =
    range === null
      ? "in unknown time"
      : `in ${secondsOf((range[0] + range[1]) / 2)} ±${secondsOf((range[1] - range[0]) / 2)}`;
  return `${time}  ${victim ?? "?"} -> ${moved_to ?? "?"}`;
}

/** Silent where it reaches into its prediction, with its own error. */
function asPredicted({ durations_ms, predicted_ms, inside }: LiveResult, colours: Colours): string {
  const { recovery: measured } = durations_ms;
  if (inside !== false || measured === null || predicted_ms === null) return "";
  const words = `${measured[0] > predicted_ms[1] ? "later" : "earlier"} than predicted (${rangeInWords(predicted_ms)})`;
  return `, ${colours.yellow(words)}`;
}
