import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { randomBytes } from "node:crypto";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Asked, Keys } from "./guard-request.ts";
import { cookieName, isKnock, refusalOf } from "./guard-request.ts";

/** What answers those who may ask. */
export interface Site {
  readonly app: Hono<Environment>;
  readonly upgrade?: Upgrade;
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What a handler may use of Node's own. */
export interface Environment {
  readonly Bindings: { readonly outgoing: ServerResponse };
}

/** Nobody else listens, and nobody else gets an answer: see `refusalOf`. */
const HOST = "127.0.0.1";
const MOST_CONNECTIONS = 128;
/** How long browsers may take to fetch what was sent last. */
const LAST_WORDS_MS = 2000;

const always: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A web server for the user of this machine who has seen the address that it prints. */
export class LoopbackServer {
  readonly port: number;
  readonly keys: Keys;
  readonly #server: Server;
  /** Those of WebSockets among them, of which Node's server loses sight. */
  readonly #sockets = new Set<Socket>();
  #site: Site | null = null;
  #listener: ReturnType<typeof getRequestListener> | null = null;

  private constructor(server: Server, port: number, keys: Keys) {
    this.port = port;
    this.keys = keys;
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request, response) => {
      this.#answer(request, response);
    });
    server.on("upgrade", (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  /**
   * Listens, and answers 503 until `serve` says who answers.
   * @param port 0: any that is free
   */
  static async open(port: number): Promise<LoopbackServer> {
    const server = createServer();
    server.maxConnections = MOST_CONNECTIONS;
    try {
      server.listen(port, HOST);
      await once(server, "listening");
    } catch (error) {
      throw new OperatingError(
        "configuration",
        `Cannot listen on ${HOST}:${port} as ${describeError(error)}: name another port, or 0 for any that is free`,
        { cause: error },
      );
    }
    const address = server.address();
    const found = typeof address === "object" && address !== null ? address.port : port;
    return new LoopbackServer(server, found, { link: secret(), cookie: secret(), page: secret() });
  }

  /** What the user opens. Whoever has it may do what the page may. */
  get link(): string {
    return `http://${HOST}:${this.port}/?token=${this.keys.link}`;
  }

  serve(site: Site): void {
    this.#site = site;
    this.#listener = getRequestListener(site.app.fetch, { overrideGlobalObjects: false });
  }

  /** Answers that have begun are still sent, for a moment; whoever does not take them holds nobody up. */
  async close(): Promise<void> {
    const limit = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, LAST_WORDS_MS);
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeIdleConnections();
    });
    clearTimeout(limit);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(always)) response.setHeader(name, value);
    const asked = askedOf(request, false);
    const token = urlOf(request).searchParams.get("token");
    if (isKnock(asked, token, this)) {
      const cookie = `${cookieName(this.port)}=${this.keys.cookie}; Path=/; HttpOnly; SameSite=Strict`;
      response.writeHead(303, { location: "/", "set-cookie": cookie }).end();
      return;
    }
    const refused = refusalOf(asked, this.keys, this.port);
    if (refused !== null) say(response, refused.status, refused.why);
    else if (this.#listener === null) say(response, 503, "it has not begun yet");
    else void this.#listener(request, response);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    const refused = refusalOf(askedOf(request, true), this.keys, this.port);
    const upgrade = this.#site?.upgrade;
    if (refused === null && upgrade !== undefined) upgrade(request, socket, head);
    else refuse(socket, refused?.status ?? 404);
  }
}

const secret = (): string => randomBytes(16).toString("base64url");

/** Ends a request to upgrade without one. */
export function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function askedOf(request: IncomingMessage, upgrade: boolean): Asked {
  const { headers, method } = request;
  const one = (name: string): string | null => {
    const value = headers[name];
    return typeof value === "string" ? value : null;
  };
  return {
    method: method ?? "",
    path: urlOf(request).pathname,
    host: one("host"),
    origin: one("origin"),
    cookie: one("cookie"),
    fetchSite: one("sec-fetch-site"),
    contentType: one("content-type"),
    pageToken: one("x-blackout-token"),
    upgrade,
  };
}

/** The base only fills in what a request does not say. */
export function urlOf(request: IncomingMessage): URL {
  const base = `http://${HOST}`;
  return URL.canParse(request.url ?? "/", base) ? new URL(request.url ?? "/", base) : new URL(base);
}
