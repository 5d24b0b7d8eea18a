import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import { createServer } from "node:https";
import { TLSSocket } from "node:tls";
import { seconds } from "../../../base/time.ts";
import { describeError } from "../../../base/errors.ts";
import { answer, isPublic } from "./dispatch.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { StatusError, statusOf } from "./status-error.ts";

const MAXIMUM_BODY = 1 << 20;
/** A watch whose client does not read is cut off here. */
const MAXIMUM_UNREAD = 16 << 20;
const BODY_LIMIT = seconds(60);

export interface ApiServerOptions {
  readonly tls: { readonly key: string; readonly certificate: string; readonly ca: string };
  readonly token: string;
  /** `host:port`, as discovery tells it. */
  readonly address: string;
}

/** One kube-apiserver. It listens nowhere by itself: hand it sockets with `emit("connection", socket)`. */
export function createApiServer(world: ApiWorld, options: ApiServerOptions): Server {
  const server = createServer(
    {
      key: options.tls.key,
      cert: options.tls.certificate,
      ca: options.tls.ca,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      response.on("error", () => undefined);
      // The lab's time, as its stamps are.
      response.setHeader("date", world.clock.wall().toHTTP() ?? "");
      serve(world, options, request, response).catch((error: unknown) => {
        refuse(response, error);
      });
    },
  );
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("clientError", (_error, socket) => socket.destroy());
  server.requestTimeout = 0;
  return server;
}

async function serve(
  world: ApiWorld,
  options: ApiServerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "https://kubernetes");
  if (!isPublic(url.pathname) && !isLetIn(incoming, options.token)) {
    throw new StatusError(401, "Unauthorized", "Unauthorized");
  }
  const request: ApiRequest = {
    method: incoming.method ?? "GET",
    path: url.pathname.length > 1 ? url.pathname.replace(/\/+$/u, "") : url.pathname,
    query: url.searchParams,
    accept: incoming.headers.accept ?? "",
    contentType: incoming.headers["content-type"] ?? "",
    body: await readBody(incoming, world.clock.timeout(BODY_LIMIT)),
  };
  send(response, answer(world, request, options.address));
}

/** By a client certificate of this cluster's CA, or by the token. */
function isLetIn(incoming: IncomingMessage, token: string): boolean {
  const { authorization } = incoming.headers;
  if (authorization !== undefined) return sameSecret(authorization, `Bearer ${token}`);
  return incoming.socket instanceof TLSSocket && incoming.socket.authorized;
}

/** Compares in constant time, whatever the lengths. */
const sameSecret = (given: string, wanted: string): boolean =>
  timingSafeEqual(digest(given), digest(wanted));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

async function readBody(incoming: IncomingMessage, limit: AbortSignal): Promise<string> {
  const onLimit = (): void => {
    incoming.destroy();
  };
  limit.addEventListener("abort", onLimit, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > MAXIMUM_BODY) {
        throw new StatusError(
          413,
          "RequestEntityTooLarge",
          "Request entity too large: limit is 1048576",
        );
      }
      chunks.push(bytes);
    }
  } finally {
    limit.removeEventListener("abort", onLimit);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: ApiReply): void {
  switch (reply.kind) {
    case "json":
      sendText(response, reply.code, "application/json", `${JSON.stringify(reply.body)}\n`);
      return;
    case "text":
      sendText(response, reply.code, reply.type, reply.body);
      return;
    case "watch":
      stream(response, reply.start);
      return;
  }
}

function sendText(response: ServerResponse, code: number, type: string, body: string): void {
  response.writeHead(code, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-cache, private",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

function stream(response: ServerResponse, start: (ApiReply & { kind: "watch" })["start"]): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "cache-control": "no-cache, private",
  });
  response.flushHeaders();
  const stop = start(
    (event) => {
      response.write(`${JSON.stringify(event)}\n`);
      if (response.writableLength > MAXIMUM_UNREAD) response.destroy();
    },
    () => response.end(),
  );
  if (response.destroyed) stop();
  else response.once("close", stop);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(500, "InternalError", `Internal error occurred: ${describeError(error)}`);
  if (status.code === 413) response.setHeader("connection", "close");
  sendText(response, status.code, "application/json", `${JSON.stringify(statusOf(status))}\n`);
}
