import type { TcpNetConnectOpts } from "node:net";
import { isIP } from "node:net";
import type { ConnectionOptions, SecureContext, TLSSocket } from "node:tls";
import { checkServerIdentity, connect, createSecureContext } from "node:tls";
import { Untrusted } from "../attempt-failure.ts";
import { codeOf, failureOf } from "../failure-of.ts";
import type { Address } from "./tcp.ts";
import { tcpOptions } from "./tcp.ts";

/** What makes a server's certificate good: a CA (null: the system's) and its name, or its fingerprint alone. */
export interface Trust {
  readonly ca_pem: string | null;
  /** SHA-256, with or without colons. */
  readonly fingerprint: string | null;
  /** The name (or address) that the certificate must bear. */
  readonly name: string;
}

/**
 * Begins a connection of its own and not one over an open socket: destroying the lower of two such sockets first, as a
 * deadline may, ends Node 20.20 with a segmentation fault. It says `connect` when TCP is there.
 */
export function beginSecure(address: Address, trust: Trust, contexts: SecureContexts): TLSSocket {
  const options: ConnectionOptions & TcpNetConnectOpts = {
    ...tcpOptions(address),
    secureContext: contexts.trusting(trust.ca_pem),
    ALPNProtocols: ["http/1.1"],
    // A pinned certificate is compared below, and need not be signed by anybody.
    rejectUnauthorized: trust.fingerprint === null,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(trust.name, certificate),
    ...(isIP(trust.name) === 0 ? { servername: trust.name } : {}),
  };
  return connect(options);
}

/** A full handshake each time, as a browser that was just opened makes it. Throws `Untrusted`. */
export async function handshake(socket: TLSSocket, trust: Trust): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", (error) => {
      const isOfTheNetwork = failureOf(error, "tcp") !== null;
      reject(isOfTheNetwork ? error : new Untrusted(`${codeOf(error)} ${error.message}`));
    });
  });
  if (trust.fingerprint !== null) assertPinned(socket, trust.fingerprint);
}

function assertPinned(socket: TLSSocket, pinned: string): void {
  const seen = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
  if (bare(seen) !== bare(pinned)) {
    throw new Untrusted(`the certificate's SHA-256 fingerprint is ${seen}, pinned is ${pinned}`);
  }
}

const bare = (fingerprint: string): string => fingerprint.replaceAll(":", "").toUpperCase();

/** A run meets one CA per cluster; reading it costs more than the rest of an attempt. */
const MAXIMUM_CONTEXTS = 16;

/** Parsed CAs, kept between attempts. They hold no sessions. */
export class SecureContexts {
  readonly #known = new Map<string | null, SecureContext>();

  trusting(ca: string | null): SecureContext {
    const known = this.#known.get(ca);
    if (known !== undefined) return known;
    if (this.#known.size >= MAXIMUM_CONTEXTS) this.#known.clear();
    const fresh = createSecureContext(ca === null ? {} : { ca });
    this.#known.set(ca, fresh);
    return fresh;
  }
}
