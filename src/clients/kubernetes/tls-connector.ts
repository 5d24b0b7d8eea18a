import { isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { connect } from "node:tls";
import type { buildConnector } from "undici";
import { OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { patience } from "../patience.ts";
import type { Credentials } from "./credentials.ts";

/** TCP and TLS together; a living server takes milliseconds. */
const CONNECT_TIMEOUT = seconds(3);
/** In deadline floors: 1 s of real time. */
const WORK = 10;

/**
 * Connects, shows our certificate and proves the server's, by CA or by the SHA-256 of its certificate. Its deadline
 * runs on the injected clock, which undici's own does not.
 */
export function mutualTls(credentials: Credentials, clock: Clock): buildConnector.connector {
  return (target, callback) => {
    const socket = connect({
      host: target.hostname,
      port: Number(target.port === "" ? 443 : target.port),
      ...(isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ALPNProtocols: ["http/1.1"],
      ...verification(credentials),
      ...credentials.certificate,
    });
    socket.setNoDelay(true);
    const deadline = patience(clock, CONNECT_TIMEOUT, WORK);
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
      settle(new OperatingError("timed-out", "the connection was not made in time"));
    const onConnected = (): void => settle(pinFailure(credentials, socket));
    deadline.addEventListener("abort", onDeadline, { once: true });
    socket.on("error", settle);
    socket.on("secureConnect", onConnected);
  };
}

const verification = ({ trust }: Credentials): ConnectionOptions =>
  trust.kind === "ca" ? { ca: trust.pem, rejectUnauthorized: true } : { rejectUnauthorized: false };

/** `rejectUnauthorized: false` skips every check of node's, so that the pin has to be compared here. */
function pinFailure({ trust }: Credentials, socket: TLSSocket): OperatingError | null {
  if (trust.kind !== "fingerprint") return null;
  const seen = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
  if (seen === trust.fingerprint) return null;
  return new OperatingError(
    "untrusted",
    `the SHA-256 of its certificate is ${seen}, the inventory pins ${trust.fingerprint}`,
  );
}
