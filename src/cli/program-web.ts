import type { Command } from "commander";
import type { ServeOptions } from "./commands/serve.ts";
import type { ExitCode } from "./exit-code.ts";
import { portNumber } from "./numbers.ts";
import type { Terminal } from "./terminal.ts";
import { DEFAULT_PORT } from "./web/default-port.ts";

/** The option of `run` for its page. */
export const uiOption = [
  "--ui [port]",
  `show the run in a browser of this machine, with its desktop; default: ${DEFAULT_PORT}, 0: any port that is free`,
  portNumber,
] as const;

/** The command that shows runs in a browser. */
export function addServe(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command("serve")
    .description("show all runs in a browser of this machine, and compare two of them")
    .argument("[folder]", "where run folders are", "reports")
    .option("--port <n>", "0: any that is free", portNumber, DEFAULT_PORT)
    .addHelpText(
      "after",
      "\nExample:\n  blackout serve reports\n\nOnly who has the printed address gets an answer. Ctrl-C ends it.",
    )
    .action(async (folder: string, options: ServeOptions) => {
      const { serve } = await import("./commands/serve.ts");
      finish(await serve(folder, options, terminal));
    });
}
