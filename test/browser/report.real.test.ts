import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { present } from "../../src/base/assert.ts";
import { reportHtml } from "../../src/reporters/html/report-html.ts";
import { fakeManyTrials } from "../support/fake-many-trials.ts";
import { fakeReport } from "../support/fake-report.ts";
import { filesOf, inputFor } from "../support/report-input.ts";
import { requires } from "../support/requires.ts";
import { PHONE, tooWide } from "./too-wide.ts";

const needed = requires({ chromium: "chromium" });
const flags = ["sandbox", "first-run"].map((name) => `--no-${name}`);
const disabled = ["gpu", "quic", "background-networking", "component-update", "sync"];

const looks = [
  { name: "light", colorScheme: "light", width: 1280 },
  { name: "dark", colorScheme: "dark", width: 1280 },
  { name: "phone", colorScheme: "light", width: PHONE.width },
  { name: "phone at night", colorScheme: "dark", width: PHONE.width },
  { name: "tablet", colorScheme: "light", width: 800 },
] as const;

const violations = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().nullish() })),
    }),
  ),
});

describe.skipIf(needed.skip)(`report.html in Chromium${needed.note}`, () => {
  let browser: Browser;
  let folder: string;
  const files = new Map<string, string>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blackout-page-"));
    const args = [...flags, ...disabled.map((name) => `--disable-${name}`)];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
    const inputs = { sample: await fakeManyTrials(30), hostile: inputFor(fakeReport()) };
    for (const [name, input] of Object.entries(inputs)) {
      const [page] = await filesOf(reportHtml, input);
      const path = join(folder, `${name}.html`);
      await writeFile(path, present(page, "the page").bytes);
      files.set(name, `file://${path}`);
    }
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const visit = async (
    run: string,
    { colorScheme, width }: Pick<(typeof looks)[number], "colorScheme" | "width">,
  ): Promise<Visit> => await open(browser, present(files.get(run), run), { colorScheme, width });

  it.each(looks.flatMap((look) => ["sample", "hostile"].map((run) => ({ ...look, run }))))(
    "$run, $name: asks for nothing else, complains of nothing, is not wider than its window, and axe finds nothing serious",
    async ({ run, ...look }) => {
      const { page, requests, complaints } = await visit(run, look);
      await openAll(page);
      expect(await seriousOf(page)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([files.get(run)]);
      await page.close();
    },
  );

  it("shows the wide drawings on a screen and on paper, and those of their own on a phone", async () => {
    for (const [width, media, wide] of [
      [1280, "screen", true],
      [PHONE.width, "screen", false],
      [PHONE.width, "print", true],
    ] as const) {
      const { page } = await visit("sample", { colorScheme: "light", width });
      await page.emulateMedia({ media });
      expect(await page.isVisible(".drawing.wide >> nth=0")).toBe(wide);
      expect(await page.isVisible(".drawing.narrow >> nth=0")).toBe(!wide);
      await page.close();
    }
  });

  it("is followed by keyboard: skip link, contents, then every region that scrolls and every trial", async () => {
    const { page } = await visit("sample", { colorScheme: "light", width: 1280 });
    await page.keyboard.press("Tab");
    expect(await page.isVisible(".skip")).toBe(true);
    const reached: string[] = [];
    // What stands in trials that are closed is not reached.
    const wanted = Number(
      await page.evaluate(`document.querySelectorAll("a, summary, div[tabindex]").length`),
    );
    for (let index = 1; index < wanted; index += 1) {
      await page.keyboard.press("Tab");
      reached.push(String(await page.evaluate("document.activeElement.tagName")));
    }
    expect(reached.filter((name) => name === "SUMMARY")).toHaveLength(30);
    expect(reached.filter((name) => name === "DIV").length).toBeGreaterThan(10);
    await page.close();
  });

  it("can be printed", async () => {
    const { page } = await visit("sample", { colorScheme: "light", width: 1280 });
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.byteLength).toBeGreaterThan(50_000);
    await page.close();
  });
});

interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

async function open(
  browser: Browser,
  url: string,
  { colorScheme, width }: { readonly colorScheme: "light" | "dark"; readonly width: number },
): Promise<Visit> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("data:")) requests.push(request.url());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(url);
  return { page, requests, complaints };
}

const openAll = async (page: Page): Promise<unknown> =>
  await page.evaluate(
    `document.querySelectorAll("details").forEach((each) => { each.open = true; })`,
  );

/** What axe calls serious or critical; its script is evaluated, since the page's policy lets nothing be added. */
async function seriousOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = violations.parse(await page.evaluate("axe.run(document)"));
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`),
    );
}
