import { z } from "zod";
import type { ErrorCode } from "../../base/errors.ts";
import { OperatingError } from "../../base/errors.ts";
import { lostExchange } from "../shared/lost-exchange.ts";
import { CA_SOURCE } from "./credentials.ts";

/** An answer of the API server that says no. */
export class KubernetesApiError extends OperatingError {
  readonly status: number;

  constructor(status: number, message: string, reason: string) {
    super(codeOf(status), message, { facts: { status, reason } });
    this.name = "KubernetesApiError";
    this.status = status;
  }
}

export interface CallName {
  readonly method: string;
  readonly path: string;
  readonly server: string;
}

const NOT_SENDABLE: readonly ErrorCode[] = ["configuration", "environment"];

const statusObject = z.looseObject({
  code: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

const LONGEST_REASON = 100;
const LONGEST_MESSAGE = 300;

/** What a Status object says, as much of it as a person reads. */
function wordsIn(status: unknown): { code: number; reason: string; message: string } {
  const { code = 500, reason = "", message = "" } = statusObject.safeParse(status).data ?? {};
  return {
    code,
    reason: reason.slice(0, LONGEST_REASON),
    message: message.slice(0, LONGEST_MESSAGE),
  };
}

/** From an HTTP answer with an error status; its body should be a Status object, and may be anything. */
export function refusedCall(call: CallName, status: number, body: unknown): KubernetesApiError {
  const { reason, message } = wordsIn(body);
  return new KubernetesApiError(
    status,
    `Cannot ${call.method} ${call.path} as ${call.server} says no: the status is ${status} ${reason} (${message})${cureFor(status)}`,
    reason,
  );
}

/** From an ERROR event of a watch, whose object is a Status. */
export function refusedWatch(path: string, object: unknown): KubernetesApiError {
  const { code, reason, message } = wordsIn(object);
  return new KubernetesApiError(
    code,
    `Cannot go on watching ${path} as the API server ended it: the status is ${code} ${reason} (${message})`,
    reason,
  );
}

/** From whatever the HTTP library threw; what a person has to put right, and what the server itself said, stays what it is. */
export function failedCall(call: CallName, thrown: unknown): OperatingError {
  if (thrown instanceof KubernetesApiError) return thrown;
  if (thrown instanceof OperatingError && NOT_SENDABLE.includes(thrown.code)) return thrown;
  const { method, path, server } = call;
  const { code, why } = lostExchange(thrown, CA_SOURCE);
  return new OperatingError(code, `Cannot ${method} ${path} on ${server} as ${why}`, {
    facts: { server, path },
    cause: thrown,
  });
}

function codeOf(status: number): ErrorCode {
  return status === 401 || status === 403 ? "denied" : "rejected";
}

function cureFor(status: number): string {
  if (status === 401) return ". Check the token or client certificate in the inventory";
  return status === 403 ? ". Give this user the rights listed in the documentation" : "";
}

/** A server behind which the API is not there (a load balancer, a server that starts): the next one is asked. */
const NOT_THERE = [502, 503, 504];
/** Too many requests, and what a server says while its etcd has no leader: another one may know more. */
const PASSING = [429, 500];

/** The API itself has spoken, or would be the wrong one: no other server needs to be asked. */
export const isVerdict = (error: OperatingError): boolean =>
  error instanceof KubernetesApiError
    ? !NOT_THERE.includes(error.status)
    : error.code === "untrusted" || NOT_SENDABLE.includes(error.code);

/** A verdict that may be another one elsewhere or later. */
export const passes = (error: OperatingError): boolean =>
  error instanceof KubernetesApiError && PASSING.includes(error.status);

/** No server could be asked, or none answered. */
export function noServer(
  call: { readonly method: string; readonly path: string },
  failures: readonly OperatingError[],
): OperatingError {
  const [first] = failures;
  if (first !== undefined && failures.length === 1) return first;
  const why =
    first === undefined
      ? "the only API server is on the node that is about to die"
      : `no API server answers: ${failures.map((failure) => failure.message).join("; ")}`;
  return new OperatingError(
    first?.code ?? "unreachable",
    `Cannot ${call.method} ${call.path} as ${why}`,
    { facts: { servers: failures.length }, cause: first },
  );
}

export const noJson = (path: string, server: string): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot use the answer to ${path} as it is no JSON, or more than anybody needs: it came from ${server}`,
  );
