import { describeError, OperatingError } from "../../base/errors.ts";
import { ConnectError } from "./tls-connector.ts";

/** Why an exchange over HTTP brought no answer. */
export interface LostExchange {
  readonly code: "untrusted" | "timed-out" | "protocol" | "unreachable";
  /** Goes behind "Cannot <do> as". */
  readonly why: string;
  /** `no`: the request never left, so that another host may be asked, whatever the method. */
  readonly sent: "no" | "unknown";
}

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
  /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA)/u;

/**
 * What a failed exchange means, from whatever the HTTP library threw. `caSource`: where the CA of such servers is to be
 * had; `setting`: where the inventory says whom to trust.
 */
export function lostExchange(
  thrown: unknown,
  caSource: string,
  setting: "api.tls" | "bmc.tls" = "api.tls",
): LostExchange {
  const chain = causes(thrown);
  const ours = chain.find((error) => error instanceof OperatingError) ?? null;
  const system = chain.map(systemCode).find((each) => each !== null) ?? "";
  const detail = describeError(ours ?? chain.at(-1));
  if (ours?.code === "untrusted" || notTrusted.test(system)) {
    const cure = `Set ${setting} in the inventory to its CA (${caSource}) or to the certificate's SHA-256 fingerprint`;
    const why = `its certificate is not trusted: ${detail}. ${cure}`;
    return { code: "untrusted", why, sent: "no" };
  }
  const sent = ours instanceof ConnectError || neverConnected.has(system) ? "no" : "unknown";
  return { ...withoutAnswer(ours, detail), sent };
}

function withoutAnswer(ours: OperatingError | null, detail: string): Omit<LostExchange, "sent"> {
  if (ours?.code === "timed-out") {
    return { code: "timed-out", why: `it did not answer in time: ${detail}` };
  }
  if (ours?.code === "protocol") return { code: "protocol", why: detail };
  return { code: "unreachable", why: `the connection failed: ${detail}` };
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

function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof OperatingError) return null;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
