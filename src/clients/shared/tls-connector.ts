import { isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { connect } from "node:tls";
import type { buildConnector } from "undici";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Patience } from "./patience.ts";
import { deadlineOf } from "./patience.ts";
import type { Trust } from "./trust.ts";

/** The connection was given up before anything was sent. */
export class ConnectError extends OperatingError {}

export interface TlsOptions {
  readonly trust: Trust;
  /** PEM of our client certificate and its key; null where a token says who we are. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** For TCP and TLS together. */
  readonly patience: Patience;
  readonly clock: Clock;
}

/**
 * Connects, and proves the server by its CA or by the SHA-256 of its certificate. Ours rather than undici's, because
 * that one keeps a connection attempt which nobody waits for any more, on a clock that knows no speed: a host that hung
 * once would hang for the next call too.
 */
export function tlsConnector({
  trust,
  certificate,
  patience,
  clock,
}: TlsOptions): buildConnector.connector {
  return (target, callback) => {
    const socket = connect({
      host: target.hostname,
      port: Number(target.port === "" ? 443 : target.port),
      ...(isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ALPNProtocols: ["http/1.1"],
      ...verification(trust),
      ...certificate,
    });
    socket.setNoDelay(true);
    const deadline = deadlineOf(patience, clock);
    const settle = (error: Error | null): void => {
      deadline.removeEventListener("abort", onDeadline);
      socket.off("error", settle);
      socket.off("secureConnect", onConnected);
      if (error === null) {
        callback(null, socket);
        return;
      }
      // A socket that dies after it was given up has nobody to tell.
      socket.on("error", () => undefined);
      socket.destroy();
      callback(error, null);
    };
    const onDeadline = (): void =>
      settle(new ConnectError("timed-out", describeError(deadline.reason)));
    const onConnected = (): void => settle(pinFailure(trust, socket));
    deadline.addEventListener("abort", onDeadline, { once: true });
    socket.on("error", settle);
    socket.on("secureConnect", onConnected);
  };
}

const verification = (trust: Trust): ConnectionOptions =>
  trust.kind === "ca" ? { ca: trust.pem, rejectUnauthorized: true } : { rejectUnauthorized: false };

/** `rejectUnauthorized: false` skips every check of node's, so that the pin has to be compared here. */
function pinFailure(trust: Trust, socket: TLSSocket): ConnectError | null {
  if (trust.kind !== "fingerprint") return null;
  const seen = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
  if (seen === trust.fingerprint) return null;
  return new ConnectError("untrusted", `its SHA-256 is ${seen}, pinned is ${trust.fingerprint}`);
}
