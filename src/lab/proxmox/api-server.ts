import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import { describeError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import { login } from "./access-routes.ts";
import { ApiError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";
import { authenticate } from "./authenticate.ts";
import type { ConsoleDesk } from "./console-desk.ts";
import { ConsoleUpgrade } from "./console-upgrade.ts";
import type { Dispatch } from "./dispatch.ts";
import { readParameters } from "./request-body.ts";
import type { Format, WireReply } from "./wire-reply.ts";
import { replyOf, replyOfError, send } from "./wire-reply.ts";

/** Against guessing, every 401 comes this late (AnyEvent.pm). */
const DENIED_DELAY = seconds(3);

/** pveproxy of one node: TLS, HTTP, authentication and the shape of answers. It is given its sockets by the lab's network. */
export function createApiServer(
  asked: string,
  tls: { readonly key: string; readonly cert: string },
  parts: { readonly world: ApiWorld; readonly desk: ConsoleDesk; readonly dispatch: Dispatch },
): Server {
  const { world, desk, dispatch } = parts;
  const server = createServer({ ...tls, minVersion: "TLSv1.2" }, (request, response) => {
    void serve(asked, { request, response, world, dispatch });
  });
  const upgrade = new ConsoleUpgrade(world, desk, asked);
  server.on("upgrade", (request, socket, head) => {
    upgrade.handle(request, socket, head).catch(() => socket.destroy());
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

async function serve(
  asked: string,
  exchange: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly world: ApiWorld;
    readonly dispatch: Dispatch;
  },
): Promise<void> {
  const { request, response, world, dispatch } = exchange;
  response.on("error", () => undefined);
  const address = addressOf(request);
  const reply = await answer(asked, { address, request, world, dispatch });
  if (world.closing.aborted) return;
  try {
    if (reply.status === 401) await world.clock.sleep(DENIED_DELAY, world.closing);
    world.twinTime.catchUp();
    // A node that died meanwhile says nothing; its sockets are frozen by the network.
    if (world.twin.hostState(asked) === "up" && !response.destroyed) {
      send(response, reply, world.clock);
    }
  } catch {
    response.destroy();
  }
}

interface Address {
  readonly format: Format;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Splits `/api2/json/nodes/x?y=z`; null for what is not a call of the API. */
function addressOf(request: IncomingMessage): Address | null {
  try {
    const url = new URL(request.url ?? "/", "https://lab");
    const split = /^\/api2\/(json|extjs)(\/.*)?$/.exec(url.pathname);
    if (split === null) return null;
    return {
      format: split[1] === "extjs" ? "extjs" : "json",
      path: decodeURIComponent(split[2] ?? "/").replace(/\/+$/, ""),
      query: url.searchParams,
    };
  } catch {
    return null;
  }
}

async function answer(
  asked: string,
  parts: {
    readonly address: Address | null;
    readonly request: IncomingMessage;
    readonly world: ApiWorld;
    readonly dispatch: Dispatch;
  },
): Promise<WireReply> {
  const { address, request, world, dispatch } = parts;
  const format = address?.format ?? "json";
  const method = request.method ?? "GET";
  try {
    if (address === null) throw new ApiError(404, "no such file");
    const isLogin = method === "POST" && address.path === "/access/ticket";
    if (isLogin) return replyOf(login(world, await readParameters(request, address.query)), format);
    const account = authenticate(request.headers, method, world);
    const input = await readParameters(request, address.query);
    const call = { asked, account, method, path: address.path, input };
    return replyOf(await dispatch(call), format);
  } catch (error) {
    return replyOfError(error, format) ?? internalError(error);
  }
}

/** A bug of the lab, or its end: said aloud, so that it is not mistaken for something that PVE says. */
const internalError = (error: unknown): WireReply => ({
  status: 500,
  reason: "lab error",
  body: JSON.stringify({ data: null, message: `lab error: ${describeError(error)}\n` }),
});
