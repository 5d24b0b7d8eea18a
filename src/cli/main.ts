import { CommanderError } from "commander";
import { describeError } from "../base/errors.ts";
import { exitCode, exitCodeOf } from "./exit-code.ts";
import { createProgram } from "./program.ts";
import { scrubber } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";
import { processTerminal } from "./terminal.ts";

/** argv in, exit code out. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const outcome = { code: exitCode.pass as number };
  try {
    const program = createProgram(terminal, (code) => {
      outcome.code = code;
    });
    await program.parseAsync(argv, { from: "user" });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
    return report(error, terminal);
  }
}

function report(error: unknown, terminal: Terminal): number {
  const code = exitCodeOf(error);
  terminal.err(`${terminal.colours.red("error:")} ${scrubber.scrub(describeError(error))}\n`);
  if (code === exitCode.internal && process.env["BLACKOUT_DEBUG"] !== undefined) {
    terminal.err(`${error instanceof Error ? (error.stack ?? "") : ""}\n`);
  }
  return code;
}
