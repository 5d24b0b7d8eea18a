import { CommanderError } from "commander";
import { plainText } from "../base/plain-text.ts";
import { ConfigurationProblems } from "../config/problem.ts";
import { describeError } from "../base/errors.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode, exitCodeOf, worst } from "./exit-code.ts";
import { watchForCrashes } from "./crash.ts";
import { debugging } from "./debugging.ts";
import { createProgram } from "./program.ts";
import { tellError } from "./say.ts";
import { manners } from "./surroundings.ts";
import type { ProcessTerminal, Terminal } from "./terminal.ts";
import { processTerminal } from "./terminal.ts";

/** argv in, exit code out. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  watchForCrashes(terminal);
  const outcome = { code: exitCode.pass as ExitCode };
  try {
    const program = createProgram(terminal, (code) => {
      outcome.code = code;
    });
    await program.parseAsync(argv, { from: "user" });
    return worst(outcome.code, whole(terminal));
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
    return report(error, terminal);
  }
}

/** A file that holds half of the results must not look like a success. */
function whole(terminal: ProcessTerminal): ExitCode {
  const why = terminal.lost();
  if (why === null) return exitCode.pass;
  const text = `Cannot write all of the output as it was lost on the way: ${why}. See to where it goes, and ask again`;
  tellError(manners.teller ?? terminal, text, exitCode.usage);
  return exitCode.usage;
}

function report(error: unknown, terminal: Terminal): number {
  const code = exitCodeOf(error);
  // Only problems of files take several lines; a server's words do not.
  const words = describeError(error);
  const shown = error instanceof ConfigurationProblems ? words : plainText(words);
  tellError(terminal, shown, code);
  if (code === exitCode.internal) terminal.err(debugging(error));
  return code;
}
