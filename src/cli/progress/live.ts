import { plainText } from "../../base/plain-text.ts";
import { formatDuration, milliseconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { instantInMs } from "../../base/time.ts";
import type { Progress } from "../../contracts/progress.ts";
import type { PlannedTrial } from "../../model/plan.ts";
import type { Sample } from "../../model/sample.ts";
import { hookLine } from "./hook-line.ts";
import type { Terminal } from "../terminal.ts";
import type { TrialLines } from "./trial-lines.ts";

/** How often the status is redrawn at the most, in real time. */
const REDRAW_MS = 100;
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const RECENT = 24;
/** Said from the first Ctrl-C on. */
export const STOPPING = "stopping, and healing first (once more leaves at once)";

/** Progress on a terminal: finished trials scroll by, and two lines at the bottom show the one under way. */
export function progressLive(
  terminal: Terminal,
  lines: TrialLines,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Progress & { readonly close: () => void } {
  const { colours } = terminal;
  const state = {
    total: 0,
    count: 0,
    frame: 0,
    drawn: false,
    doing: "starting",
    trial: null as PlannedTrial | null,
    sinceMs: 0,
    samples: [] as Sample[],
  };
  const erase = (): void => {
    if (state.drawn) terminal.erase(2);
    state.drawn = false;
  };
  const tell = (text: string): void => {
    if (text !== "") erase();
    terminal.err(text);
  };
  const draw = (): void => {
    erase();
    if (state.trial === null) return;
    const spinner = SPINNER[state.frame++ % SPINNER.length] ?? "";
    const elapsed = formatDuration(milliseconds(instantInMs(clock.now()) - state.sinceMs));
    const head = `[${state.count}/${state.total}] ${state.trial.arm} #${state.trial.repetition}  ${elapsed}`;
    const rows = [
      `${colours.cyan(spinner)} ${cut(head, terminal.width() - 2)}`,
      `  ${bar(state.samples, terminal)} ${colours.dim(cut(`${stop.aborted ? `${STOPPING}; ` : ""}${state.doing}`, terminal.width() - RECENT - 4))}`,
    ];
    terminal.err(`${rows.join("\n")}\n`);
    state.drawn = true;
  };
  const timer = setInterval(draw, REDRAW_MS).unref();
  return {
    runStarted: (plan) => {
      state.total = plan.trials.length;
    },
    trialStarted: (trial) => {
      Object.assign(state, { trial, samples: [], sinceMs: instantInMs(clock.now()) });
      state.count += 1;
      lines.begin(trial);
    },
    step: (_trial, doing) => {
      state.doing = plainText(doing);
    },
    record: (record) => {
      lines.record(record);
      tell(hookLine(record, terminal));
    },
    sample: (sample) => {
      lines.sample(sample);
      if (sample.target === "desktop") {
        state.samples = [...state.samples.slice(1 - RECENT), sample];
      }
    },
    trialEnded: (trial) => {
      tell(`${trial.arm} #${trial.repetition}  ${lines.end(colours)}\n`);
      state.trial = null;
    },
    desktop: () => undefined,
    runEnded: () => undefined,
    close: () => {
      clearInterval(timer);
      erase();
    },
  };
}

/** The latest samples, oldest first: answering, down, not observed. */
function bar(samples: readonly Sample[], { colours }: Terminal): string {
  const marks = samples.map(({ result }) => {
    if (result.kind === "good") return colours.green("█");
    return result.kind === "bad" ? colours.red("▁") : colours.yellow("?");
  });
  return marks.join("") + " ".repeat(Math.max(RECENT - marks.length, 0));
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
