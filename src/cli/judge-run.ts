import { join } from "node:path";
import { describeError } from "../base/errors.ts";
import { renderTable } from "../reporters/terminal-table.ts";
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
}

/** Reports a run. How it ended counts also where that cannot be written or reported. */
export async function judgeRun(
  { folder, ending, unsaved }: FinishedRun,
  terminal: Terminal,
): Promise<ExitCode> {
  const failed = (error: unknown): ExitCode => {
    terminal.err(`${terminal.colours.red("error:")} ${describeError(error)}\n`);
    return exitCodeOf(error);
  };
  const codes = [codeOfEnd[ending.end], ...unsaved.map(failed)];
  return worst(...codes, await reported(folder, terminal).catch(failed));
}

async function reported(folder: RunFolder, terminal: Terminal): Promise<ExitCode> {
  const { report, input, complete } = await writeReport(folder, terminal);
  terminal.out(renderTable(report, { colours: terminal.outColours, width: terminal.width() }));
  terminal.out(`\nReport: ${join(folder.path, "report.html")}\n`);
  await sendTracesWhereSet(input, terminal);
  return complete ? exitCodeOfReport(report) : exitCode.internal;
}
