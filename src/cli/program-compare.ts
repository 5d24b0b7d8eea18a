import type { Command } from "commander";
import type { CompareOptions } from "./commands/compare.ts";
import type { ExitCode } from "./exit-code.ts";
import { wholeNumber } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";

/** The commands that hold runs against each other. */
export function addComparing(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  addCompare(program, terminal, finish);
  addBaseline(program, terminal, finish);
}

function addCompare(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("compare")
    .description(
      "hold a run against another, or against a baseline: faster, slower, or no evidence",
    )
    .argument("<run>", "run folder, or baseline file")
    .argument("<against>", "what it is held against: run folder, or baseline file")
    .option("--arm <arm...>", "only these arms; <arm>=<arm> where the other's has another name")
    .option("--measure <name...>", "instead of recovery and outage: also the phases, as detection")
    .option("--max-slower <time>", "fail where it is slower by more than this: 5s")
    .option(
      "--min-valid <n>",
      "with --max-slower: trials that say something, of each arm, that a pass needs; default: all planned",
      wholeNumber,
    )
    .option("--json", "figures for machines, instead of lines")
    .option("--html <file>", "write it as a page, too: one file that needs no network")
    .addHelpText(
      "after",
      `
Examples:
  blackout compare reports/<run> reports/<earlier run>
  blackout compare reports/<run> baseline.json --max-slower 5s
  blackout compare reports/<run> reports/<earlier run> --html comparison.html
  blackout compare reports/<run> reports/<earlier run> --arm k8s-132=k8s-131 --measure detection service

A difference is the run's median shift (Hodges-Lehmann) with its 95 % interval. Settings that differ are listed.
Exit codes: 0 whatever it finds, unless --max-slower is given. Then 0 when nothing is slower by more, 1 when something
is beyond doubt, and 3 when that cannot be told, an arm has no counterpart, or too many trials say nothing.`,
    )
    .action(async (run: string, against: string, options: CompareOptions) => {
      const { compare } = await import("./commands/compare.ts");
      finish(await compare(run, against, options, terminal));
    });
}

function addBaseline(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command("baseline")
    .description("keep of a run what later ones are held against, in a small file for a repository")
    .argument("<run>", "run folder")
    .option("-o, --output <file>", "instead of standard output")
    .addHelpText("after", "\nExample:\n  blackout baseline reports/<run> -o baseline.json")
    .action(async (run: string, options: { readonly output?: string }) => {
      const { baseline } = await import("./commands/baseline.ts");
      finish(await baseline(run, options, terminal));
    });
}
