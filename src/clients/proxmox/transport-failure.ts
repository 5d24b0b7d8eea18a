import type { ErrorCode } from "../../base/errors.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { CallName } from "./api-error.ts";
import { describeCall, ProxmoxTransportError } from "./api-error.ts";

/** Codes of node and the operating system for a connection that never came about. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EADDRNOTAVAIL",
]);

/** Names for failed verification, as node's tls gives them (OpenSSL's X509_V_ERR_* without the prefix). */
const notTrusted =
  /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA)/;

/** Thrown by the connector: the connection was given up before anything was sent. */
export class ConnectError extends OperatingError {}

/** What a failed exchange means, from whatever the HTTP library threw. */
export function transportFailure(call: CallName, thrown: unknown): ProxmoxTransportError {
  const chain = causes(thrown);
  const ours = chain.find((error) => error instanceof OperatingError) ?? null;
  const code = chain.map(codeOf).find((each) => each !== null) ?? "";
  const { verdict, why } = judge(ours, code, describeError(ours ?? chain.at(-1)));
  const never = ours instanceof ConnectError || neverConnected.has(code) || verdict === "untrusted";
  return new ProxmoxTransportError(verdict, `Cannot ${describeCall(call)} as ${why}`, {
    call,
    sent: never ? "no" : "unknown",
    cause: thrown,
  });
}

function judge(
  ours: OperatingError | null,
  code: string,
  detail: string,
): { verdict: ErrorCode; why: string } {
  if (ours?.code === "untrusted" || notTrusted.test(code)) {
    const cure =
      "Set api.tls in the inventory to the cluster's CA (/etc/pve/pve-root-ca.pem) or to the certificate's SHA-256 fingerprint";
    return { verdict: "untrusted", why: `its certificate is not trusted: ${detail}. ${cure}` };
  }
  if (ours?.code === "timed-out") {
    return { verdict: "timed-out", why: `it did not answer in time: ${detail}` };
  }
  if (ours?.code === "protocol") return { verdict: "protocol", why: ours.message };
  return { verdict: "unreachable", why: `the connection failed: ${detail}` };
}

function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let current = thrown;
  for (let depth = 0; depth < 6 && current !== undefined && current !== null; depth++) {
    chain.push(current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return chain;
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof OperatingError) return null;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
