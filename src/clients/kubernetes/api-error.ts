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

const statusObject = z.looseObject({
  code: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** From an HTTP answer with an error status; its body should be a Status object, and may be anything. */
export function refusedCall(call: CallName, status: number, body: unknown): KubernetesApiError {
  const { reason = "", message = "" } = statusObject.safeParse(body).data ?? {};
  return new KubernetesApiError(
    status,
    `Cannot ${call.method} ${call.path} as ${call.server} says no: the status is ${status} ${reason} (${message.slice(0, 300)})${cureFor(status)}`,
    reason,
  );
}

/** From an ERROR event of a watch, whose object is a Status. */
export function refusedWatch(path: string, object: unknown): KubernetesApiError {
  const { code = 500, reason = "", message = "" } = statusObject.safeParse(object).data ?? {};
  return new KubernetesApiError(
    code,
    `Cannot go on watching ${path} as the API server ended it: the status is ${code} ${reason} (${message.slice(0, 300)})`,
    reason,
  );
}

/** From whatever the HTTP library threw. */
export function failedCall(call: CallName, thrown: unknown): OperatingError {
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
