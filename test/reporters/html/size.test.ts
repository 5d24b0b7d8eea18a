import { expect, test } from "vitest";
import { present } from "../../../src/base/assert.ts";
import { reportHtml } from "../../../src/reporters/html/report-html.ts";
import { fakeManyTrials } from "../../support/fake-many-trials.ts";
import { filesOf } from "../../support/report-input.ts";

/** A page of so many trials, each as large as those of the sample run, with thumbnails as large as they may be. */
async function pageOf(trials: number): Promise<Buffer> {
  const [file] = await filesOf(reportHtml, await fakeManyTrials(trials));
  return present(file, "the page").bytes;
}

const imagesIn = (page: Buffer): number => page.toString().match(/<img /gu)?.length ?? 0;

test("report.html of 100 trials has all pictures and stays below 1.5 MB", async () => {
  const page = await pageOf(100);
  expect(page.byteLength).toBeLessThan(1.5e6);
  expect(imagesIn(page)).toBe(200);
  expect(page.toString()).not.toContain("more than 100, this page leaves out");
});

test("report.html of 1,000 trials stays below 5 MB, says what it leaves out, and draws every trial", async () => {
  const page = await pageOf(1000);
  expect(page.byteLength).toBeLessThan(5e6);
  expect(page.toString()).toContain("With 1000 trials, more than 100, this page leaves out");
  expect(page.toString().match(/<details /gu)).toHaveLength(1000);
  expect(imagesIn(page)).toBeGreaterThanOrEqual(2 * 7);
  expect(imagesIn(page)).toBeLessThanOrEqual(2 * 50);
});
