import { join } from "node:path";
import { describeError } from "../base/errors.ts";
import { renderTable } from "../reporters/terminal-table.ts";
import type { Judgement } from "../live/live-event.ts";
import type { VerdictName } from "../model/run-report.ts";
import { SystemClock } from "../platform/system-clock.ts";
import type { RunFolder } from "../store/run-folder.ts";
import type { RunEnding } from "../contracts/progress.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode, exitCodeOf, worst } from "./exit-code.ts";
import { sendTracesWhereSet } from "./otlp/send-traces.ts";
import type { Terminal } from "./terminal.ts";
import { codeOfEnd, exitCodeOfReport } from "./verdict-code.ts";
import { writeReport } from "./write-report.ts";

export interface FinishedRun {
  readonly folder: RunFolder;
  readonly ending: RunEnding;
  /** Why its files could not be closed. */
  readonly unsaved: readonly unknown[];
  /** The user's wish to stop. */
  readonly stop: AbortSignal;
  /** Told what it came to. */
  readonly judged: (judgement: Judgement) => void;
}

/** Reports a run. How it ended counts also where that cannot be written or reported. */
export async function judgeRun(
  { folder, ending, unsaved, stop, judged }: FinishedRun,
  terminal: Terminal,
): Promise<ExitCode> {
  const failed = (error: unknown): ExitCode => {
    terminal.err(`${terminal.colours.red("error:")} ${describeError(error)}\n`);
    return exitCodeOf(error);
  };
  const codes = [codeOfEnd[ending.end], ...unsaved.map(failed)];
  const { verdict, code } = await reported(folder, afresh(stop), terminal).catch(
    (error: unknown) => ({
      verdict: null,
      code: failed(error),
    }),
  );
  const exit_code = worst(...codes, code);
  judged({ folder: folder.path, verdict, exit_code });
  return exit_code;
}

interface Reported {
  readonly verdict: VerdictName;
  readonly code: ExitCode;
}

async function reported(
  folder: RunFolder,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<Reported> {
  const { report, input, complete } = await writeReport(folder, terminal);
  terminal.out(renderTable(report, { colours: terminal.outColours, width: terminal.width() }));
  terminal.out(`\nReport: ${join(folder.path, "report.html")}\n`);
  await sendTracesWhereSet(input, { terminal, stop, clock: new SystemClock() });
  const code = complete ? exitCodeOfReport(report) : exitCode.internal;
  return { verdict: report.verdict.name, code };
}

/** The wish that has ended the run does not mean what comes after it; who says it again leaves at once. */
const afresh = (stop: AbortSignal): AbortSignal =>
  stop.aborted ? new AbortController().signal : stop;
