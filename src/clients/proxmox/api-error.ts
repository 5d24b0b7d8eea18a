import type { ErrorCode, Facts } from "../../base/errors.ts";
import { OperatingError } from "../../base/errors.ts";

/** One call as messages name it: never its parameters, since those may hold secrets. */
export interface CallName {
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

/** More than all that PVE says in a case; whoever says more is no PVE. */
const LONGEST_REASON = 1000;

/** What the API itself said no with. PVE puts the message into the HTTP reason phrase, since 8.3 into the body too. */
export class ProxmoxApiError extends OperatingError {
  readonly status: number;
  readonly reason: string;
  /** By parameter, on 400. */
  readonly errors: Readonly<Record<string, string>>;

  constructor(
    call: CallName,
    reply: { status: number; reason: string; errors: Readonly<Record<string, string>> },
  ) {
    const said = [
      reply.reason.trim(),
      ...Object.entries(reply.errors).map((each) => each.join(": ")),
    ]
      .filter((part) => part !== "")
      .join("; ")
      .slice(0, LONGEST_REASON);
    super(
      codeOf(reply.status),
      `Cannot ${describeCall(call)} as the API answered ${reply.status}: ${said === "" ? "no reason given" : said}${adviceFor(reply.status)}`,
      { facts: { ...factsOf(call), status: reply.status } },
    );
    this.name = "ProxmoxApiError";
    this.status = reply.status;
    this.reason = said;
    this.errors = reply.errors;
  }

  /** It is about something that is not there (any more). PVE says so only in words, with status 500. */
  get saysMissing(): boolean {
    return /does not exist|no such (resource|vm|task)|not exist/i.test(this.reason);
  }
}

/** No answer at all: refused, no route, reset, too late, or not who it should be. */
export class ProxmoxTransportError extends OperatingError {
  /** `no`: the request never left, so that another host may be asked, whatever the method. */
  readonly sent: "no" | "unknown";

  constructor(
    code: ErrorCode,
    message: string,
    details: { call: CallName; sent: "no" | "unknown"; cause: unknown },
  ) {
    super(code, message, {
      facts: { ...factsOf(details.call), sent: details.sent },
      cause: details.cause,
    });
    this.name = "ProxmoxTransportError";
    this.sent = details.sent;
  }
}

export const describeCall = (call: CallName): string =>
  `${call.method} ${call.path} on ${call.host}`;

const factsOf = (call: CallName): Facts => ({ ...call });

/** 595 and 596: the API host is well, but the node that it asked on our behalf is not. */
export const isProxyFailure = (error: unknown): error is ProxmoxApiError =>
  error instanceof ProxmoxApiError && error.status >= 595;

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "denied";
  return status >= 595 ? "unreachable" : "rejected";
}

function adviceFor(status: number): string {
  if (status === 401) return ". Check api.token_id and api.token_secret in the inventory";
  if (status === 403) return ". Give the API token that privilege on that path";
  return "";
}
