import { describeError } from "../base/errors.ts";
import { exitCode } from "./exit-code.ts";
import { debugging } from "./debugging.ts";
import { tellError, warn } from "./say.ts";
import { manners } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What Node prints by itself of errors that nobody caught, and of its warnings, goes through the terminal instead, which
 * takes secrets out, or is a line of the log of JSON lines. Its diagnostic reports hold the whole environment, and core dumps of
 * them all memory: none is written.
 */
export function watchForCrashes(terminal: Terminal): void {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    warn(manners.teller ?? terminal, `${warning.name}: ${warning.message}`);
  });
  const crash = (error: unknown): void => {
    const code = exitCode.internal;
    const text = `this is a bug of blackout: ${describeError(error)}\n${debugging(error)}If a run was under way, \`blackout restore --all\` takes back what it has done.`;
    tellError(manners.teller ?? terminal, text, code);
    process.exit(code);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
}
