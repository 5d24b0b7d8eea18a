import { isIP } from "node:net";
import { connect } from "node:tls";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { addressOf } from "./api-address.ts";

/**
 * SHA-256 of the certificate that a server shows, `AA:BB:...`. Nothing is trusted and nothing is sent: this only tells a
 * person what there is to pin.
 */
export async function certificateSeen(server: ApiHost, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { host, port } = addressOf(server);
  const socket = connect({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  const shown = new Promise<string>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(noCertificate(server)));
    socket.once("secureConnect", () => {
      const seen = socket.getPeerX509Certificate()?.fingerprint256;
      if (seen === undefined) reject(noCertificate(server));
      else resolve(seen);
    });
  });
  try {
    return await orAborted(shown, signal);
  } finally {
    socket.destroy();
  }
}

const noCertificate = ({ url }: ApiHost): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot read the certificate as the connection ended before it was shown: the server is ${url}`,
  );
