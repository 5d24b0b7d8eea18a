import { jsonText } from "../../base/json-text.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { listLines } from "../history/list-lines.ts";
import { readRuns } from "../history/read-runs.ts";
import type { Terminal } from "../terminal.ts";

/** Shows the runs that a folder holds, and judges none. */
export async function list(
  reports: string,
  options: { readonly json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const runs = await readRuns(reports);
  if (options.json === true) terminal.out(jsonText({ format: 1, runs }));
  else if (runs.length === 0) terminal.out(`${reports} holds no runs\n`);
  else {
    terminal.out(
      listLines(reports, runs, { colours: terminal.outColours, width: terminal.width() }),
    );
  }
  return exitCode.pass;
}
