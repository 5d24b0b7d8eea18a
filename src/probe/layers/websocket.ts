import type { Socket } from "node:net";
import type { RawData } from "ws";
import { WebSocket } from "ws";
import { AttemptFailure, Nonsense, PeerClosed } from "../attempt-failure.ts";
import { brief, failureOf } from "../failure-of.ts";
import type { Journey } from "../journey.ts";
import { ByteReader } from "../rfb/byte-reader.ts";
import type { Door } from "./connection.ts";
import { headersFor } from "./http.ts";

/** A stream in both directions, inside the WebSocket. */
export interface Pipe {
  readonly input: ByteReader;
  readonly send: (bytes: Buffer) => void;
}

export interface WebSocketPipe extends Pipe {
  /** Stops reading from the socket, or goes on: what is not read waits at the server. */
  readonly pause: (paused: boolean) => void;
}

/** A whole raw screen of 2048 x 2048: QEMU may send all of it, whatever part was asked for. */
const MOST_RECEIVED_BYTES = 16 * 1024 * 1024;
/** RFC 6455: no close frame was received. */
const ABNORMAL_CLOSURE = 1006;

/** Upgrades a fresh connection. What ends the WebSocket later fails the pipe's reader, and so do more than `most` bytes. */
export async function openWebSocket(
  socket: Socket,
  { target, headers }: Pick<Door, "target" | "headers">,
  journey: Journey,
  most = MOST_RECEIVED_BYTES,
): Promise<WebSocketPipe> {
  const input = new ByteReader(most);
  const websocket = new WebSocket(target.url, ["binary"], {
    createConnection: () => socket,
    headers: { ...headersFor(target.host), ...headers },
    perMessageDeflate: false,
    maxPayload: MOST_RECEIVED_BYTES,
    followRedirects: false,
  });
  let broken: Error | null = null;
  const closed = (code: number, reason: Buffer): void => input.fail(closure(code, reason, broken));
  journey.own({
    destroy: () => {
      // What comes after the attempt is nobody's failure, and would cost an error each time.
      websocket.off("close", closed);
      websocket.terminate();
    },
  });
  socket.once("error", (error) => {
    broken = error;
  });
  websocket.on("error", (error) => input.fail(meaningOf(error, journey)));
  websocket.on("close", closed);
  websocket.on("message", (data, isBinary) => take(data, isBinary, input));
  await upgraded(websocket, journey);
  return {
    input,
    send: (bytes) => {
      if (websocket.readyState === WebSocket.OPEN) websocket.send(bytes);
    },
    pause: (paused) => {
      if (paused) websocket.pause();
      else websocket.resume();
    },
  };
}

async function upgraded(websocket: WebSocket, journey: Journey): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    websocket.once("open", resolve);
    websocket.once("error", (error) => reject(meaningOf(error, journey)));
    websocket.once("unexpected-response", (_request, response) => {
      reject(new AttemptFailure({ kind: "http-status", status: response.statusCode ?? 0 }));
    });
  });
}

/** Errors that the network did not make are `ws` complaining of what it was sent. */
const meaningOf = (error: Error, journey: Journey): Error =>
  failureOf(error, journey.layer) === null ? new Nonsense(error.message) : error;

/** A close frame tells more than the reset that may follow it: websockify does not wait for the answer to its own. */
function closure(code: number, reason: Buffer, broken: Error | null): Error {
  if (code === ABNORMAL_CLOSURE) return broken ?? new PeerClosed();
  return new AttemptFailure({ kind: "websocket-close", code, reason: brief(reason.toString()) });
}

function take(data: RawData, isBinary: boolean, input: ByteReader): void {
  if (isBinary && Buffer.isBuffer(data)) input.push(data);
  else input.fail(new Nonsense("a text message where RFB's bytes were expected"));
}
