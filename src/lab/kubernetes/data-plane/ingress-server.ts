import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, request as requestOver, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Socket } from "node:net";
import { after, between, seconds } from "../../../base/time.ts";
import type { Clock } from "../../../contracts/clock.ts";
import type { KubernetesTwin } from "../../../twin/kubernetes/kubernetes-twin.ts";
import type { LabHost } from "../../network/network.ts";
import { routeFor } from "./ingress-rules.ts";
import { connectToPod, joinSockets } from "./upstream.ts";

/** ingress-nginx `proxy-read-timeout`. */
const READ_LIMIT = seconds(60);

export interface DataPlaneWorld {
  readonly twin: KubernetesTwin;
  readonly clock: Clock;
  readonly catchUp: () => void;
  readonly hosts: ReadonlyMap<string, LabHost>;
}

/** An ingress controller as clients see it: routes by Ingress objects, and has nginx's answers when it cannot. */
export function createIngressServer(world: DataPlaneWorld): Server {
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    relayRequest(world, request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => undefined);
    relayUpgrade(world, request, { socket, head }).catch(() => socket.destroy());
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

type Reached =
  Awaited<ReturnType<typeof connectToPod>> | { readonly kind: "no-rule" | "no-endpoint" };

async function reach(
  world: DataPlaneWorld,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Reached> {
  world.catchUp();
  const host = (request.headers.host ?? "").replace(/:\d+$/u, "");
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const route = routeFor(world.twin.store.ingresses.all(), host, path);
  if (route === null) return { kind: "no-rule" };
  const backends = world.twin.routes.backends(route.namespace, route.service, route.port) ?? [];
  const backend = backends[Math.floor(world.clock.now() / 1e6) % Math.max(1, backends.length)];
  if (backend === undefined) return { kind: "no-endpoint" };
  return await connectToPod(world.hosts, backend, { clock: world.clock, signal });
}

const STATUS = { "no-rule": 404, "no-endpoint": 503, refused: 502, silent: 504 } as const;

const gone = (stream: Duplex | ServerResponse): AbortSignal => {
  const controller = new AbortController();
  stream.once("close", () => controller.abort(new Error("the client left")));
  return controller.signal;
};

async function relayRequest(
  world: DataPlaneWorld,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reached = await reach(world, request, gone(response));
  if (reached.kind !== "connected") {
    sendPage(response, STATUS[reached.kind]);
    return;
  }
  const { socket } = reached;
  const limit = world.clock.timeout(READ_LIMIT);
  const onLimit = (): void => sendPage(response, 504);
  limit.addEventListener("abort", onLimit, { once: true });
  response.once("close", () => {
    limit.removeEventListener("abort", onLimit);
    socket.destroy();
  });
  const upstream = requestOver({
    createConnection: () => socket,
    method: request.method,
    path: request.url,
    headers: { ...request.headers, connection: "close" },
  });
  upstream.on("error", () => sendPage(response, 502));
  upstream.on("response", (answer) => {
    limit.removeEventListener("abort", onLimit);
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: "keep-alive" });
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  request.pipe(upstream);
}

async function relayUpgrade(
  world: DataPlaneWorld,
  request: IncomingMessage,
  client: { readonly socket: Duplex; readonly head: Buffer },
): Promise<void> {
  const reached = await reach(world, request, gone(client.socket));
  if (reached.kind !== "connected") {
    const code = STATUS[reached.kind];
    const body = page(code);
    client.socket.end(
      `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}\r\nContent-Type: text/html\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    return;
  }
  if (!(client.socket instanceof Socket)) return;
  reached.socket.write(headOf(request));
  reached.socket.write(client.head);
  joinSockets(client.socket, reached.socket);
  hangUpOnSilence(world.clock, client.socket, reached.socket).catch(() => undefined);
}

/** nginx gives up an upstream that says nothing for the whole limit; a WebSocket is no exception. */
async function hangUpOnSilence(clock: Clock, client: Socket, upstream: Socket): Promise<void> {
  const left = gone(client);
  let heard = clock.now();
  upstream.on("data", () => {
    heard = clock.now();
  });
  for (;;) {
    const rest = between(clock.now(), after(heard, READ_LIMIT));
    if (rest <= 0) break;
    await clock.sleep(rest, left);
  }
  client.end();
  upstream.destroy();
}

/** The request's first lines as they came. */
function headOf(request: IncomingMessage): string {
  const lines = [`${request.method ?? "GET"} ${request.url ?? "/"} HTTP/1.1`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index] ?? ""}: ${request.rawHeaders[index + 1] ?? ""}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function sendPage(response: ServerResponse, code: number): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = page(code);
  response.writeHead(code, { "content-type": "text/html", "content-length": body.length });
  response.end(body);
}

const page = (code: number): string => {
  const title = `${code} ${code === 503 ? "Service Temporarily Unavailable" : (STATUS_CODES[code] ?? "")}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
};
