import type { Command } from "commander";
import type { ReportOptions } from "./commands/report.ts";
import type { ExitCode } from "./exit-code.ts";
import { formatsInWords } from "./formats-asked.ts";
import type { Terminal } from "./terminal.ts";

/** The commands that look at runs of before. */
export function addHistory(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  addList(program, terminal, finish);
  addReport(program, terminal, finish);
}

function addList(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("list")
    .description(
      "show the runs that a folder holds: when, what, verdict, medians, and how they ended",
    )
    .argument("[folder]", "where run folders are", "reports")
    .option("--json", "for machines, instead of lines")
    .addHelpText(
      "after",
      `
Examples:
  blackout list
  blackout list --json | jq -r '.runs[] | select(.verdict == "fail") | .folder'

It judges nothing: of a run that was not judged since its journal grew, blackout report <run> does.`,
    )
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const { list } = await import("./commands/list.ts");
      finish(await list(folder, options, terminal));
    });
}

function addReport(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("report")
    .description("judge a run again from its journal and samples, and write its reports anew")
    .argument("<run>", "run folder, e.g. reports/2026-11-22T13-37-00Z-thesis-failover-a1b2")
    .option(
      "-f, --format <names>",
      "only these formats: names with commas between, or all",
      together,
    )
    .option("-o, --output <folder>", "where they are written; default: the run folder")
    .option("--json", "print report.json instead of the table")
    .option(
      "--send-traces",
      "send its traces over OTLP/HTTP, to where the OTEL_ variables say; 60 s at most",
    )
    .addHelpText(
      "after",
      `
Examples:
  blackout report reports/sample --json | jq .verdict
  blackout report reports/sample --format all -o /tmp/sample
  OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 blackout report reports/sample --send-traces

Formats (* written by default, and after each run):
${formatsInWords()}`,
    )
    .action(async (run: string, options: ReportOptions) => {
      const { report } = await import("./commands/report.ts");
      finish(await report(run, options, terminal));
    });
}

/** Of an option that may be given again. */
const together = (names: string, earlier?: readonly string[]): readonly string[] => [
  ...(earlier ?? []),
  ...names.split(","),
];
