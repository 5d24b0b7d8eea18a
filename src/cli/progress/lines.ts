import type { Progress } from "../../contracts/progress.ts";
import type { PlannedTrial, RunPlan } from "../../model/plan.ts";
import { hookLine } from "./hook-line.ts";
import type { Terminal } from "../terminal.ts";
import type { TrialLines } from "./trial-lines.ts";

/** Progress where nobody watches: one line when a trial starts and one when it ends, nothing redrawn. */
export function progressLines(terminal: Terminal, lines: TrialLines): Progress {
  let total = 0;
  let count = 0;
  const label = (trial: PlannedTrial): string =>
    `[${String(count).padStart(String(total).length)}/${total}] ${trial.arm} #${trial.repetition}`;
  return {
    runStarted: (plan: RunPlan) => {
      total = plan.trials.length;
    },
    trialStarted: (trial) => {
      count += 1;
      lines.begin(trial);
    },
    step: () => undefined,
    record: (record) => {
      lines.record(record);
      terminal.err(hookLine(record, terminal));
    },
    sample: (sample) => {
      lines.sample(sample);
    },
    trialEnded: (trial) => {
      terminal.err(`${label(trial)}: ${lines.end(terminal.colours)}\n`);
    },
    desktop: () => undefined,
    runEnded: () => undefined,
  };
}
