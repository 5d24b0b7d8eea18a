import { OperatingError } from "../base/errors.ts";
import { Interrupted } from "../platform/signal-trap.ts";

/** DESIGN section 10. */
export const exitCode = {
  pass: 0,
  failed: 1,
  usage: 2,
  inconclusive: 3,
  unsafe: 4,
  notRestored: 5,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const precedence: readonly ExitCode[] = [5, 4, 2, 130, 70, 3, 1, 0];

/** Of several reasons to end, the one that matters most to whoever reads the exit code. */
export function worst(...codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCode.pass;
}

/** What an error that ended a command means for its exit code. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return exitCode.interrupted;
  if (!(error instanceof OperatingError)) return exitCode.internal;
  switch (error.code) {
    case "configuration":
    case "unreachable":
    case "timed-out":
    case "denied":
    case "untrusted":
    case "environment":
      return exitCode.usage;
    case "unsafe":
      return exitCode.unsafe;
    case "rejected":
    case "protocol":
    case "not-reached":
      return exitCode.internal;
  }
}
