import { describeError, OperatingError } from "../base/errors.ts";
import type { Layer } from "../model/experiment.ts";
import type { Failure } from "../model/sample.ts";
import { AttemptFailure, Nonsense, PeerClosed, Untrusted } from "./attempt-failure.ts";

const LONGEST_DETAIL = 200;

/** What an error says of the desktop; null when it says nothing of it, but something of the prober (no more sockets, a bug). */
export function failureOf(error: unknown, during: Layer): Failure | null {
  if (error instanceof AttemptFailure) return error.failure;
  if (error instanceof PeerClosed) return { kind: "closed", during };
  if (error instanceof Nonsense) return { kind: "protocol", during, detail: brief(error.message) };
  if (error instanceof Untrusted) return { kind: "tls", detail: brief(error.message) };
  if (error instanceof OperatingError) return fromOperatingError(error, during);
  return fromSystemError(error, during);
}

function fromOperatingError(error: OperatingError, during: Layer): Failure | null {
  switch (error.code) {
    case "timed-out":
      return { kind: "timed-out", during };
    case "untrusted":
      return { kind: "tls", detail: brief(describeError(error)) };
    case "protocol":
      return { kind: "protocol", during, detail: brief(describeError(error)) };
    case "unreachable":
      return (
        fromSystemError(error.cause, during) ?? {
          kind: "no-way-in",
          detail: brief(describeError(error)),
        }
      );
    case "denied":
    case "rejected":
    case "not-reached":
      return { kind: "no-way-in", detail: brief(describeError(error)) };
    case "configuration":
    case "unsafe":
    case "environment":
      return null;
  }
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN"]);
const UNKNOWN_NAME = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"]);

/** Codes of the operating system (errno) and of Node's name resolution and HTTP parser. */
function fromSystemError(error: unknown, during: Layer): Failure | null {
  const code = codeOf(error);
  if (UNREACHABLE.has(code)) return { kind: "unreachable", code };
  if (UNKNOWN_NAME.has(code)) return { kind: "no-way-in", detail: brief(describeError(error)) };
  if (code.startsWith("HPE_")) {
    return { kind: "protocol", during, detail: brief(describeError(error)) };
  }
  switch (code) {
    case "ECONNREFUSED":
      return { kind: "refused" };
    case "ETIMEDOUT":
      return { kind: "timed-out", during };
    case "ECONNRESET":
      // Node says ECONNRESET of an orderly close in the wrong moment, too, but then names no system call.
      return { kind: isFromSystemCall(error) ? "reset" : "closed", during };
    case "EPIPE":
    case "ECONNABORTED":
      return { kind: "reset", during };
    default:
      return null;
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const isFromSystemCall = (error: unknown): boolean =>
  error instanceof Error && "syscall" in error && typeof error.syscall === "string";

/** Text of foreign origin, fit for one line of a file. */
export function brief(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL - 1)}…` : line;
}
