import type { Socket } from "node:net";
import { connect } from "node:net";
import { OperatingError } from "../../base/errors.ts";

/** Four times the longest output that is taken: key exchange, login and padding are small beside it. */
const MOST_RECEIVED_BYTES = 4 * 1024 * 1024;

/**
 * A connection for an SSH client that breaks when the server floods it, with whatever the protocol allows without end
 * (banners, requests that want an answer, new key exchanges): each would take the processor, and answers pile up. To be
 * destroyed by whoever made it, as a client whose key cannot be read never takes it over.
 */
export function limitedSocket(peer: { readonly host: string; readonly port: number }): Socket {
  const socket = connect(peer.port, peer.host);
  // Whoever uses it hears of errors, too; this one is for when nobody does yet, or any more.
  socket.on("error", () => undefined);
  let received = 0;
  socket.on("data", (piece: Buffer) => {
    received += piece.length;
    if (received > MOST_RECEIVED_BYTES) socket.destroy(flooded(peer));
  });
  return socket;
}

const flooded = ({ host, port }: { readonly host: string; readonly port: number }) =>
  new OperatingError(
    "protocol",
    `Cannot go on talking SSH with ${host}:${port} as it sends without end: it sent more than ${MOST_RECEIVED_BYTES} bytes`,
  );
