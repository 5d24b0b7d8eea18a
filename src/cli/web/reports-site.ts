import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { describeError } from "../../base/errors.ts";
import type { Markup } from "../../reporters/html/markup.ts";
import { compared } from "../compared.ts";
import { readRuns } from "../history/read-runs.ts";
import { runFoldersIn } from "../history/run-folders.ts";
import { scrubber } from "../surroundings.ts";
import type { Environment } from "./loopback-server.ts";
import { messagePage, runsPage } from "./runs-page.ts";
import { styleSheet } from "./style-sheet.ts";

const OURS =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** What reports need, whatever stands in them: a file may have been changed since. */
const REPORTS =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; sandbox";

/** All runs below a folder: their list, their reports, and any two of them held against each other. It changes nothing. */
export function reportsSite(reports: string): Hono<Environment> {
  const app = new Hono<Environment>();
  app.get("/", async () => page(runsPage(reports, await readRuns(reports))));
  app.get("/style.css", (context) =>
    context.body(styleSheet, 200, { "content-type": "text/css; charset=utf-8" }),
  );
  app.get("/runs/:folder", async (context) => {
    const folder = await runNamed(reports, context.req.param("folder"));
    if (folder === null) return page(messagePage("There is no such run"), 404);
    const text = await readFile(join(folder, "report.html"), "utf8").catch(() => null);
    return text === null
      ? page(messagePage(`It has no report yet: blackout report ${folder}`), 404)
      : report(text);
  });
  app.get("/compare", async (context) => {
    const [run, against] = await Promise.all(
      [context.req.query("run"), context.req.query("against")].map(
        async (name) => await runNamed(reports, name ?? ""),
      ),
    );
    if (run == null || against == null) {
      return page(messagePage("Choose two runs to hold against each other"), 404);
    }
    try {
      const runs = await compared(run, against);
      const { compareHtml } = await import("../../reporters/compare-html/compare-html.ts");
      return report(scrubber.scrub(compareHtml({ ...runs, verdict: null })));
    } catch (error) {
      return page(messagePage(`They cannot be compared: ${describeError(error)}`), 404);
    }
  });
  app.notFound(() => page(messagePage("There is no such page"), 404));
  return app;
}

const page = (body: Markup, status: 200 | 404 = 200): Response =>
  new Response(body.toString(), {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": OURS },
  });

const report = (text: string): Response =>
  new Response(text, {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": REPORTS },
  });

/** The path of a run; null: there is none of that name. A name is looked for in the list, and never followed. */
async function runNamed(reports: string, name: string): Promise<string | null> {
  const names = await runFoldersIn(reports, ["plan.json", "journal.ndjson"]);
  const found = names.find((each) => each === name);
  return found === undefined ? null : join(reports, found);
}
