import { join, resolve } from "node:path";
import { jsonText } from "../../base/json-text.ts";
import { SignalTrap } from "../../platform/signal-trap.ts";
import { SystemClock } from "../../platform/system-clock.ts";
import type { ReportInput } from "../../reporters/reporter.ts";
import { renderTable } from "../../reporters/terminal-table.ts";
import { makeFolder } from "../../store/durable.ts";
import { openRunFolder } from "../../store/run-folder.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode, worst } from "../exit-code.ts";
import { formatsAsked } from "../formats-asked.ts";
import { sendTraces } from "../otlp/send-traces.ts";
import type { Terminal } from "../terminal.ts";
import { exitCodeOfReport } from "../verdict-code.ts";
import { writeReport } from "../write-report.ts";

export interface ReportOptions {
  /** Names; none: those that are written by default. */
  readonly format?: readonly string[];
  readonly output?: string;
  readonly json?: boolean;
  /** Over OTLP, to where the OTEL_ variables say. */
  readonly sendTraces?: boolean;
}

/** Judges an old run again. */
export async function report(
  run: string,
  options: ReportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const formats = formatsAsked(options.format ?? []);
  const folder = await openRunFolder(run);
  const output = options.output ?? folder.path;
  if (output !== folder.path) await makeFolder(resolve(output));
  const written = await writeReport(folder, terminal, { formats, output });
  if (options.json === true) {
    terminal.out(jsonText(written.report));
  } else {
    terminal.out(
      renderTable(written.report, { colours: terminal.outColours, width: terminal.width() }),
    );
    const shown = options.format === undefined ? ["report.html"] : written.files;
    terminal.out(`\n${shown.map((file) => `${join(output, file)}\n`).join("")}`);
  }
  const code = written.complete ? exitCodeOfReport(written.report) : exitCode.internal;
  return options.sendTraces === true ? worst(code, await send(written.input, terminal)) : code;
}

/** Ctrl-C ends the sending, and says how far that came; the report is written by then. */
async function send(input: ReportInput, terminal: Terminal): Promise<ExitCode> {
  const trap = new SignalTrap(() => process.exit(exitCode.interrupted));
  try {
    await sendTraces(input, { terminal, stop: trap.signal, clock: new SystemClock() });
    return trap.signal.aborted ? exitCode.interrupted : exitCode.pass;
  } finally {
    trap.close();
  }
}
