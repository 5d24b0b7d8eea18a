import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";
import { createServer } from "node:https";
import { seconds, times } from "../../../base/time.ts";
import type { Clock } from "../../../contracts/clock.ts";
import type { LabMachine } from "../../machine.ts";
import type { LabHost } from "../../network/network.ts";
import type { Credentials } from "../accounts.ts";
import { bmcAccounts } from "../accounts.ts";
import { Chassis } from "../chassis.ts";
import type { RunningBmc } from "../serve-bmc.ts";
import { answerRequest } from "./answer-request.ts";
import { RedfishError } from "./redfish-error.ts";
import type { RedfishReply, RedfishRequest, RedfishService } from "./redfish-service.ts";
import { RedfishSessions } from "./redfish-sessions.ts";

export interface RedfishOptions {
  readonly port: number;
  readonly credentials: Credentials;
  readonly tls: { readonly key: string; readonly certificate: string };
  readonly clock: Clock;
}

const MAXIMUM_CONNECTIONS = 32;
const MAXIMUM_HEADER_BYTES = 8192;
const MAXIMUM_BODY_BYTES = 16_384;
/** A body that is too long is read to its end up to here, so that its sender hears why it is refused. */
const MAXIMUM_UNHEARD_BYTES = 1 << 20;
/** Real time for a request to come in whole. */
const REQUEST_LIMIT = seconds(10);
/** Real milliseconds after which a connection that says nothing is closed. */
const IDLE_LIMIT_MS = 30_000;

/**
 * A node's BMC, the other of its two languages: Redfish (DSP0266 1.11) over HTTPS, with one system. It has an address of
 * its own and lives on when its machine is off.
 */
export async function serveRedfish(
  host: LabHost,
  machine: LabMachine,
  options: RedfishOptions,
): Promise<RunningBmc> {
  const { clock } = options;
  const chassis = new Chassis(machine, clock);
  const sessions = new RedfishSessions(clock);
  const accounts = bmcAccounts(options.credentials);
  const server = createRedfishServer({ machine, chassis, accounts, sessions }, options);
  let connections = 0;
  await host.listen(options.port, (socket) => {
    if (connections >= MAXIMUM_CONNECTIONS) {
      socket.destroy();
      return;
    }
    connections++;
    socket.once("close", () => connections--);
    server.emit("connection", socket);
  });
  return {
    stop: async () => {
      sessions.clear();
      await host.silence();
    },
    start: async () => await host.wake(),
    close: async () => {
      chassis.unplug();
      server.close();
      await host.unlisten(options.port);
    },
  };
}

function createRedfishServer(service: RedfishService, { tls, clock }: RedfishOptions): Server {
  const server = createServer(
    { key: tls.key, cert: tls.certificate, maxHeaderSize: MAXIMUM_HEADER_BYTES },
    (request, response) => {
      response.on("error", () => undefined);
      serve(request, response, { service, clock }).catch(() => response.destroy());
    },
  );
  server.timeout = IDLE_LIMIT_MS;
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  { service, clock }: { readonly service: RedfishService; readonly clock: Clock },
): Promise<void> {
  const body = await readBody(incoming, clock.timeout(times(REQUEST_LIMIT, clock.speed)));
  if (body === null) {
    send(response, RedfishError.of(413, "PayloadTooLarge", [], { connection: "close" }));
    return;
  }
  send(response, answerRequest(requestOf(incoming, body), service));
}

function requestOf({ headers, method, url }: IncomingMessage, body: string): RedfishRequest {
  const [path = ""] = (url ?? "").split("?");
  const token = headers["x-auth-token"];
  return {
    method: method === "HEAD" ? "GET" : (method ?? "GET"),
    path: path.replace(/\/$/, ""),
    headers: {
      authorization: headers.authorization ?? null,
      token: typeof token === "string" ? token : null,
      contentType: headers["content-type"] ?? null,
    },
    body,
  };
}

/** Null when it is too long. Whoever is too slow, or goes on for ever, is cut off. */
async function readBody(incoming: IncomingMessage, limit: AbortSignal): Promise<string | null> {
  const onLimit = (): void => void incoming.destroy();
  limit.addEventListener("abort", onLimit, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size <= MAXIMUM_BODY_BYTES) chunks.push(bytes);
      if (size > MAXIMUM_UNHEARD_BYTES) break;
    }
  } finally {
    limit.removeEventListener("abort", onLimit);
  }
  return size > MAXIMUM_BODY_BYTES ? null : Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: RedfishReply): void {
  const text = reply.body === null ? null : `${JSON.stringify(reply.body)}\n`;
  response.writeHead(reply.status, {
    "odata-version": "4.0",
    "cache-control": "no-cache",
    ...(text !== null && {
      "content-type": "application/json;charset=utf-8",
      "content-length": Buffer.byteLength(text),
    }),
    ...reply.headers,
  });
  response.end(text ?? undefined);
}
