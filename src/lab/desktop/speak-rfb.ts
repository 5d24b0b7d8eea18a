import type { RawData, WebSocket } from "ws";
import { minutes } from "../../base/time.ts";
import { either } from "../../base/abort.ts";
import { ByteStream } from "./byte-stream.ts";
import type { SpeakRfb } from "./desktop.ts";
import type { Send } from "./rfb-handshake.ts";
import { shakeHands } from "./rfb-handshake.ts";
import { RfbSession } from "./rfb-session.ts";

/** How websockify ends a connection whose VNC server cannot be reached, and one whose VNC server hung up. */
const DOWNSTREAM_FAILED = { code: 1011, reason: "Failed to connect to downstream server" } as const;
const TARGET_CLOSED = { code: 1000, reason: "Target closed" } as const;

/** A handshake waits for a person to type a password; then, in lab time, for nobody. */
const HANDSHAKE_LIMIT = minutes(60);

/** Speaks RFB 3.8 over an accepted WebSocket, as websockify with a VNC server behind it does. */
export const speakRfb: SpeakRfb = (socket, desktop) => {
  const gone = new AbortController();
  const input = new ByteStream();
  socket.on("error", () => undefined);
  socket.once("close", () => {
    gone.abort(new Error("the client left"));
    input.end(new Error("the client left"));
  });
  if (!desktop.vncUp()) {
    socket.close(DOWNSTREAM_FAILED.code, DOWNSTREAM_FAILED.reason);
    return;
  }
  socket.on("message", (data) => {
    input.push(bytesOf(data));
  });
  const send = sender(socket);
  const serve = async (): Promise<void> => {
    const limit = either(gone.signal, desktop.clock.timeout(HANDSHAKE_LIMIT));
    const onLimit = (): void => input.end(new Error("the handshake took too long"));
    limit.addEventListener("abort", onLimit, { once: true });
    await shakeHands(input, send, desktop);
    limit.removeEventListener("abort", onLimit);
    await new RfbSession(input, send, desktop).serve(gone.signal);
  };
  serve().catch(() => {
    gone.abort(new Error("the session ended"));
    socket.close(TARGET_CLOSED.code, TARGET_CLOSED.reason);
  });
};

/** Resolves when the bytes went to the kernel, so that a client that does not read is not written to for ever. */
const sender =
  (socket: WebSocket): Send =>
  async (bytes) => {
    await new Promise<void>((resolve, reject) => {
      socket.send(bytes, (error) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  };

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
