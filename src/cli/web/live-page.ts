import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Markup } from "../../reporters/html/markup.ts";
import { markup, trusted } from "../../reporters/html/markup.ts";
import type { EventHub, PageEvent } from "./event-hub.ts";
import type { Environment } from "./loopback-server.ts";
import { importMap, scriptAt } from "./scripts.ts";
import { servedPage } from "./served-page.ts";
import { styleSheet } from "./style-sheet.ts";

interface LivePageParts {
  /** Shown by our page alone. */
  readonly pageToken: string;
  readonly hub: EventHub;
  /** What a page is told first. */
  readonly known: () => readonly PageEvent[];
  /** The run's name; null: it has not begun, or is over. */
  readonly run: () => string | null;
  /** Stops the run, which heals. */
  readonly abort: () => void;
}

const LONGEST_BODY_BYTES = 1024;
const abortOrder = z.strictObject({ confirm: z.string() });

/** The page of a run under way. Who may ask has been decided before: `refusalOf`. */
export function livePage(parts: LivePageParts): Hono<Environment> {
  const app = new Hono<Environment>();
  app.get("/", (context) => {
    const nonce = randomBytes(16).toString("base64");
    context.header("content-security-policy", policy(nonce, context.req.header("host") ?? ""));
    return context.html(pageWith(nonce, parts.pageToken));
  });
  app.get("/style.css", (context) => {
    return context.body(styleSheet, 200, { "content-type": "text/css; charset=utf-8" });
  });
  app.get("/api/events", (context) => {
    // Nobody would read its stream.
    if (context.req.method === "HEAD") return context.body(null, 405);
    const stream = parts.hub.open(parts.known(), () => context.env.outgoing.destroy());
    if (stream === null) return context.text("too many pages are open\n", 503);
    return context.body(stream, 200, { "content-type": "text/event-stream; charset=utf-8" });
  });
  app.post("/api/abort", bodyLimit({ maxSize: LONGEST_BODY_BYTES }), async (context) => {
    const order = abortOrder.safeParse(await context.req.json().catch(() => null));
    const run = parts.run();
    if (run === null) return context.text("No run is under way", 409);
    if (order.data?.confirm !== run) return context.text("That is not the name of this run", 409);
    parts.abort();
    return context.body(null, 204);
  });
  app.get("*", async (context) => {
    const script = await scriptAt(context.req.path);
    if (script === null) return context.notFound();
    return context.body(script, 200, { "content-type": "text/javascript; charset=utf-8" });
  });
  return app;
}

/** Nothing but our own, and no script but modules of ours and the one inline map that bears the nonce. */
const policy = (nonce: string, host: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    // noVNC shows pictures and pointers that came as data.
    "img-src 'self' data:",
    // Not every browser takes a WebSocket of the same host for 'self'.
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const pageWith = (nonce: string, pageToken: string): Markup =>
  servedPage(
    "a run under way",
    markup`<div id="root"><p class="loading">The run's page is loading. It needs JavaScript.</p></div>`,
    markup`<meta name="blackout-token" content="${pageToken}">
<script type="importmap" nonce="${nonce}">${trusted(JSON.stringify(importMap))}</script>
<script type="module" src="/ui/main.js"></script>`,
  );
