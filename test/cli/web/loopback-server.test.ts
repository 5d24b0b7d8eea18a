import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import { connect } from "node:net";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { OperatingError } from "../../../src/base/errors.ts";
import { EventHub } from "../../../src/cli/web/event-hub.ts";
import { livePage } from "../../../src/cli/web/live-page.ts";
import { LoopbackServer } from "../../../src/cli/web/loopback-server.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const RUN = "2026-01-01T00-00-00Z-thesis-failover-a1b2";

const order = (confirm: unknown): { method: string; body: string } => ({
  method: "POST",
  body: JSON.stringify({ confirm }),
});

describe("LoopbackServer with the page of a run", () => {
  let server: LoopbackServer;
  let hub: EventHub;
  const abort = vi.fn<() => void>();

  beforeEach(async () => {
    abort.mockReset();
    hub = new EventHub();
    server = await LoopbackServer.open(0);
  });
  afterEach(async () => {
    hub.end();
    await server.close();
  });

  const serve = (run: string | null = RUN): void => {
    server.serve({
      app: livePage({
        pageToken: server.keys.page,
        hub,
        known: () => [{ name: "state", data: { now_ms: 1 } }],
        run: () => run,
        abort,
      }),
      upgrade: (_request, socket) => socket.destroy(),
    });
  };
  const ask = async (
    path: string,
    headers: Readonly<Record<string, string>> = {},
    { method = "GET", body = "" } = {},
  ): Promise<Answer> => {
    const asked = request({ host: "127.0.0.1", port: server.port, path, method, headers });
    asked.end(body);
    const [response] = await once(asked, "response");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, headers: response.headers, text };
  };
  const entered = (): Readonly<Record<string, string>> => ({
    cookie: `blackout-${server.port}=${server.keys.cookie}`,
  });
  const ours = (): Readonly<Record<string, string>> => ({
    ...entered(),
    origin: `http://127.0.0.1:${server.port}`,
    "sec-fetch-site": "same-origin",
    "content-type": "application/json",
    "x-blackout-token": server.keys.page,
  });

  it("swaps the printed address for a cookie that no script reads and no other site sends", async () => {
    serve();
    expect(server.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{22}$/u);
    const { status, headers } = await ask(
      new URL(server.link).pathname + new URL(server.link).search,
    );
    expect(status).toBe(303);
    expect(headers.location).toBe("/");
    const [cookie = ""] = headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/u);
    expect(cookie).not.toContain(server.keys.link);
    const page = await ask("/", { cookie: cookie.split(";")[0] ?? "" });
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(
      /default-src 'none'; script-src 'self' 'nonce-[^']+'; style-src 'self'/u,
    );
    expect(page.headers["content-security-policy"]).not.toContain("unsafe");
  });

  it.each([
    "/",
    "/?token=guess",
    "/style.css",
    "/ui/main.js",
    "/api/events",
    "/api/abort",
    "/desktop",
  ])("tells nobody anything at %s who has not been let in", async (path) => {
    serve();
    const { status, text } = await ask(path);
    expect([status, text]).toEqual([403, "open the address that the terminal shows\n"]);
  });

  it("answers 503 until the run has a page", async () => {
    expect((await ask("/", entered())).status).toBe(503);
  });

  it.each([
    "/../package.json",
    "/ui/../../package.json",
    "/ui/%2e%2e/%2e%2e/package.json",
    "/ui/..%2f..%2fpackage.json",
    "/novnc/../../hono/package.json",
    "/novnc/core/..%2f..%2fpackage.json",
    "/preact/../preact/package.json",
    "/cli/commands/run.js",
    "/platform/environment-secrets.js",
    "//etc/passwd",
    "/ui/main.js%00.css",
  ])("has no file at %s", async (path) => {
    serve();
    expect((await ask(path, entered())).status).toBe(404);
  });

  it("hands out noVNC and preact as modules", async () => {
    serve();
    for (const path of [
      "/novnc/core/rfb.js",
      "/preact/preact.mjs",
      "/preact/hooks.mjs",
      "/preact/jsx-runtime.mjs",
    ]) {
      const { status, headers, text } = await ask(path, entered());
      expect([path, status, headers["content-type"]]).toEqual([
        path,
        200,
        "text/javascript; charset=utf-8",
      ]);
      expect(text).toMatch(/\b(?:import|export)\b/u);
    }
  });

  it("aborts the run for its page, once its name was said", async () => {
    serve();
    expect((await ask("/api/abort", ours(), order("another run"))).status).toBe(409);
    expect((await ask("/api/abort", ours(), order(7))).status).toBe(409);
    expect((await ask("/api/abort", ours(), { method: "POST", body: "{" })).status).toBe(409);
    expect((await ask("/api/abort", ours(), order("x".repeat(2000)))).status).toBe(413);
    expect(abort).not.toHaveBeenCalled();
    expect((await ask("/api/abort", ours(), order(RUN))).status).toBe(204);
    expect(abort).toHaveBeenCalledTimes(1);
  });

  it("aborts nothing where no run is under way, or another site asks", async () => {
    serve(null);
    expect((await ask("/api/abort", ours(), order(RUN))).status).toBe(409);
    serve();
    const others = [
      { ...ours(), origin: "http://evil.example" },
      { ...ours(), "x-blackout-token": "guess" },
      { ...ours(), "sec-fetch-site": "cross-site" },
      { ...ours(), host: `evil.example:${server.port}` },
      { ...ours(), cookie: "" },
    ];
    for (const headers of others) {
      expect((await ask("/api/abort", headers, order(RUN))).status).toBeGreaterThanOrEqual(403);
    }
    expect(abort).not.toHaveBeenCalled();
  });

  it("streams events to eight pages, and takes another when one is closed", async () => {
    serve();
    const { port } = server;
    const open = async (): Promise<{ status: number; close: () => void; first: string }> => {
      const asked = request({
        host: "127.0.0.1",
        port,
        path: "/api/events",
        headers: entered(),
        agent: false,
      });
      asked.on("error", () => undefined);
      asked.end();
      const [response] = await once(asked, "response");
      const [chunk] = response.statusCode === 200 ? await once(response, "data") : [""];
      return { status: response.statusCode, close: () => asked.destroy(), first: String(chunk) };
    };
    const pages = [];
    for (let count = 0; count < 4; count++) pages.push(await open());
    expect(pages.map(({ first }) => first)).toEqual(
      Array.from({ length: 4 }, () => 'event: state\ndata: {"now_ms":1}\n\n'),
    );
    expect((await open()).status).toBe(503);
    pages[0]?.close();
    await expect.poll(() => hub.clients, { timeout: 5000, interval: 5 }).toBe(3);
    const another = await open();
    expect(another.status).toBe(200);
    for (const page of [...pages, another]) page.close();
    await expect.poll(() => hub.clients, { timeout: 5000, interval: 5 }).toBe(0);
  });

  it("takes no WebSocket of another origin", async () => {
    serve();
    const tried = async (headers: Readonly<Record<string, string>>): Promise<string> => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/desktop`, { headers });
      const [error] = await once(socket, "error");
      return String(error);
    };
    expect(await tried({})).toContain("403");
    expect(await tried({ ...entered(), origin: "http://evil.example" })).toContain("403");
    expect(await tried({ origin: `http://127.0.0.1:${server.port}` })).toContain("403");
  });

  it("closes while a page is open that does not read, within moments", async () => {
    serve();
    const socket = connect(server.port, "127.0.0.1");
    const { cookie = "" } = entered();
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${cookie}\r\n\r\n`,
    );
    await expect.poll(() => hub.clients, { timeout: 5000, interval: 5 }).toBe(1);
    socket.pause();
    hub.send({ name: "state", data: "x".repeat(900_000) });
    hub.end();
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(4000);
    socket.destroy();
  });

  it("closes while a WebSocket is open whose browser does not answer", async () => {
    server.serve({
      app: new Hono(),
      upgrade: (_request, socket) => socket.write("HTTP/1.1 101 Yes\r\n\r\n"),
    });
    const { origin = "", cookie = "" } = ours();
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      `GET /desktop HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    await once(socket, "data");
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(4000);
    socket.destroy();
  });

  it("says which port is taken", async () => {
    const second = LoopbackServer.open(server.port);
    await expect(second).rejects.toThrow(OperatingError);
    await expect(second).rejects.toThrow(/name another port, or 0/u);
  });
});
