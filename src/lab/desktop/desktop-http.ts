import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { LabDesktop } from "./desktop.ts";
import { novncScript } from "./novnc-files.ts";
import { speakRfb } from "./speak-rfb.ts";
import { vncPage } from "./vnc-page.ts";

const PAGES: ReadonlySet<string> = new Set(["/", "/vnc.html", "/vnc_lite.html", "/vnc_auto.html"]);
const WEBSOCKET_PATH = "/websockify";
const MAXIMUM_MESSAGE = 1 << 20;

const webSockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAXIMUM_MESSAGE,
  handleProtocols: (offered) => (offered.has("binary") ? "binary" : false),
});

/** Answers one HTTP request as websockify with noVNC does: the page, its scripts, 404 for the rest. */
export function handleDesktopRequest(
  request: IncomingMessage,
  response: ServerResponse,
  _desktop: LabDesktop,
): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    answer(response, 405, "text/plain", "Unsupported method\n");
    return;
  }
  const path = pathOf(request);
  if (PAGES.has(path)) {
    answer(response, 200, "text/html; charset=utf-8", vncPage);
    return;
  }
  if (path === WEBSOCKET_PATH) {
    answer(response, 405, "text/plain", "Method Not Allowed: this is a WebSocket\n");
    return;
  }
  void answerScript(path, response);
}

/** Takes one WebSocket upgrade on `/websockify` (any other path: 404), and speaks RFB over it. */
export function handleDesktopUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  desktop: LabDesktop,
): void {
  if (pathOf(request) === WEBSOCKET_PATH) upgradeToRfb(request, socket, head, desktop);
  else socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

/** The same whatever the path. */
function upgradeToRfb(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  desktop: LabDesktop,
): void {
  socket.on("error", () => undefined);
  webSockets.handleUpgrade(request, socket, head, (webSocket) => {
    speakRfb(webSocket, desktop);
  });
}

async function answerScript(path: string, response: ServerResponse): Promise<void> {
  const script = await novncScript(path);
  if (script === null) answer(response, 404, "text/plain", "File not found\n");
  else answer(response, 200, "text/javascript; charset=utf-8", script);
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split("?", 1)[0] ?? "/";
