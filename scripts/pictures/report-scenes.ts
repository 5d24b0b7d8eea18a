import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions } from "playwright-core";
import type { Scene } from "./scene.ts";

/** The committed run's page, as its commands made it. */
const PAGE = pathToFileURL(resolve("reports/sample/report.html")).href;
const DESK = { width: 1100, height: 1250 };
const PHONE = { width: 390, height: 844 };

const scene = (name: string, options: BrowserContextOptions): Scene => ({
  name,
  take: async (browser) => {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      await page.goto(PAGE);
      return await page.screenshot();
    } finally {
      await context.close();
    }
  },
});

/** The beginning of the report: at a desk by day and by night, and on a phone. */
export const reportScenes: readonly Scene[] = [
  scene("report-light", { viewport: DESK, colorScheme: "light" }),
  scene("report-dark", { viewport: DESK, colorScheme: "dark" }),
  scene("report-phone", { viewport: PHONE, deviceScaleFactor: 2, colorScheme: "light" }),
];
