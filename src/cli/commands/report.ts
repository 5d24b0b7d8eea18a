import { join } from "node:path";
import { jsonText } from "../../base/json-text.ts";
import { renderTable } from "../../reporters/terminal-table.ts";
import { openRunFolder } from "../../store/run-folder.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { exitCodeOfReport } from "../verdict-code.ts";
import { writeReport } from "../write-report.ts";

/** Judges an old run again. */
export async function report(
  run: string,
  options: { readonly json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const folder = await openRunFolder(run);
  const written = await writeReport(folder, terminal);
  if (options.json === true) {
    terminal.out(jsonText(written.report));
  } else {
    terminal.out(
      renderTable(written.report, { colours: terminal.outColours, width: terminal.width() }),
    );
    terminal.out(`\n${join(folder.path, "report.html")}\n`);
  }
  return written.complete ? exitCodeOfReport(written.report) : exitCode.internal;
}
