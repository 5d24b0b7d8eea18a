import { z } from "zod";
import type { ErrorCode } from "../../base/errors.ts";
import { describeError, OperatingError } from "../../base/errors.ts";

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

/** Names for failed verification, as node's tls gives them. */
const notTrusted =
  /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA)/u;

/** From whatever the HTTP library threw. */
export function failedCall(call: CallName, thrown: unknown): OperatingError {
  const causes = chain(thrown);
  const ours = causes.find((error) => error instanceof OperatingError);
  const codes = causes.map((error) => systemCode(error));
  const detail = describeError(ours ?? causes.at(-1));
  const { method, path, server } = call;
  const facts = { server, path };
  if (ours?.code === "untrusted" || codes.some((code) => notTrusted.test(code))) {
    return new OperatingError(
      "untrusted",
      `Cannot ${method} ${path} as the certificate of ${server} is not trusted: ${detail}. Set api.tls in the inventory to the cluster's CA or to the certificate's SHA-256 fingerprint`,
      { facts, cause: thrown },
    );
  }
  const code = ours?.code ?? "unreachable";
  const why = code === "timed-out" ? "is silent" : "cannot be reached";
  return new OperatingError(code, `Cannot ${method} ${path} as ${server} ${why}: ${detail}`, {
    facts,
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

function chain(thrown: unknown): readonly unknown[] {
  const found: unknown[] = [];
  let current = thrown;
  for (let depth = 0; depth < 6 && current !== undefined && current !== null; depth++) {
    found.push(current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return found;
}

const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
