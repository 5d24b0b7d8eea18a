import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import { fingerprintOf } from "./host-key.ts";
import { limitedSocket } from "./limited-socket.ts";

/**
 * The fingerprint of the host key that a server shows to a client like ours, as an inventory pins it. Nothing is trusted and nobody
 * logs in: the connection ends as soon as the key was shown.
 */
export async function hostKeySeen(
  peer: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<string> {
  const { default: ssh2 } = await import("ssh2");
  signal.throwIfAborted();
  const client = new ssh2.Client();
  const sock = limitedSocket(peer);
  const shown = new Promise<string>((resolve, reject) => {
    const fail = (cause?: Error): void => reject(noKey(peer, cause));
    client.on("error", fail);
    client.on("close", () => fail());
    client.connect({
      sock,
      username: "nobody",
      readyTimeout: 0,
      hostVerifier: (key: Buffer) => {
        resolve(fingerprintOf(key));
        return false;
      },
    });
  });
  try {
    return await orAborted(shown, signal);
  } finally {
    client.destroy();
    sock.destroy();
  }
}

const noKey = (peer: { readonly host: string; readonly port: number }, cause?: Error) =>
  new OperatingError(
    "unreachable",
    `Cannot read the SSH host key as the connection ended before it was shown: the server is ${peer.host}:${peer.port}`,
    { cause },
  );
