import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { isIP } from "node:net";
import type { buildConnector } from "undici";
import { describeError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import { patienceFor } from "./patience.ts";
import { ConnectError } from "./transport-failure.ts";
import type { Trust } from "./trust.ts";

/**
 * Connects and proves the server: by its CA, or by the SHA-256 of its certificate. Ours rather than undici's, because
 * that one keeps a connection attempt which nobody waits for any more, on a clock that knows no speed: a host that hung
 * once would hang for the next call too.
 */
export function tlsConnector(trust: Trust, clock: Clock): buildConnector.connector {
  return (target, callback) => {
    const socket = connect({
      host: target.hostname,
      port: Number(target.port === "" ? 443 : target.port),
      ...(isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ALPNProtocols: ["http/1.1"],
      ...verification(trust),
    });
    socket.setNoDelay(true);
    const deadline = clock.timeout(patienceFor("connect", clock));
    const settle = (error: Error | null): void => {
      deadline.removeEventListener("abort", onDeadline);
      socket.off("error", settle);
      socket.off("secureConnect", onConnected);
      if (error === null) callback(null, socket);
      else {
        // A socket that dies after it was given up has nobody to tell.
        socket.on("error", () => undefined);
        socket.destroy();
        callback(error, null);
      }
    };
    const onDeadline = (): void =>
      settle(new ConnectError("timed-out", describeError(deadline.reason)));
    const onConnected = (): void => settle(pinFailure(trust, socket));
    deadline.addEventListener("abort", onDeadline, { once: true });
    socket.on("error", settle);
    socket.on("secureConnect", onConnected);
  };
}

function verification(trust: Trust): ConnectionOptions {
  return trust.kind === "ca"
    ? { ca: trust.pem, rejectUnauthorized: true }
    : { rejectUnauthorized: false };
}

/** `rejectUnauthorized: false` skips every check of node's, so that the pin has to be compared here. */
function pinFailure(trust: Trust, socket: TLSSocket): ConnectError | null {
  if (trust.kind !== "fingerprint") return null;
  const seen = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
  if (seen === trust.fingerprint) return null;
  return new ConnectError("untrusted", `its SHA-256 is ${seen}, pinned is ${trust.fingerprint}`);
}
