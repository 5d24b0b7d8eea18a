import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { JournalRecord } from "../../src/model/journal.ts";
import { judgedRun } from "../support/judged-run.ts";
import { requires } from "../support/requires.ts";
import { startCli } from "../support/run-cli.ts";
import { PHONE, tooWide } from "./too-wide.ts";

const needed = requires({ chromium: "chromium" });
const patience = { timeout: 40_000, interval: 50 };
/** Of a VM, at four times the speed: through a console faster deadlines are too short for a busy machine. */
const AN_OUTAGE = { timeout: 100_000, interval: 50 };
const flags = ["sandbox", "first-run"].map((name) => `--no-${name}`);
const disabled = ["gpu", "quic", "background-networking", "component-update", "sync"];

/** A fingerprint of what stands on the page's canvas, in a place where a living desktop moves; 0: nothing does. */
const FINGERPRINT = `(() => {
  const canvas = document.querySelector(".screen canvas");
  if (canvas === null || canvas.width === 0) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0;
  for (let at = 0; at < data.length; at += 4) hash = (hash * 31 + data[at] * 65536 + data[at + 1] * 256 + data[at + 2]) | 0;
  return hash;
})()`;

const violations = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

describe.skipIf(needed.skip)(`the live page in Chromium${needed.note}`, () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blackout-page-"));
    const args = [...flags, ...disabled.map((name) => `--disable-${name}`)];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("shows the desktop before and after its outage, survives being closed, and aborts the run", async () => {
    const run = startCli(
      "run experiments/thesis-failover.yaml --arm kubernetes --trials 9 --speed 10 --ui 0 --log lines"
        .split(" ")
        .concat("-o", folder),
    );
    try {
      const link = await linkIn(run.err);
      const first = await visit(browser, link);
      await shows(first.page, "live");
      const second = await visit(browser, link);
      await expectMoving(first.page);
      expect(await seriousProblems(first.page)).toEqual([]);
      await shows(first.page, "frozen");
      const frozen = await fingerprint(first.page);
      expect(frozen).not.toBe(0);
      await first.page.waitForTimeout(700);
      expect(await fingerprint(first.page)).toBe(frozen);
      expect(first.complaints()).toEqual([]);
      // In the middle of the outage: the run must not notice.
      await first.page.context().close();

      await shows(second.page, "live");
      await expectMoving(second.page);
      await says(second.page, ".progress p", /^[1-8] of 9 trials$/u);
      await says(second.page, ".gone b", /^gone for/u);
      expect(await tooWideOnPhone(second.page)).toEqual([]);
      expect(await seriousProblems(second.page)).toEqual([]);
      await abort(second.page);
      await says(second.page, "[role=status]", /^Ended: [A-Z]+\. The report is in /u);
      expect(second.complaints()).toEqual([]);
      expect((await run.finished).code).toBe(130);
    } finally {
      run.child.kill("SIGKILL");
    }
    const [name = ""] = await readdir(folder);
    const { trials, records } = await judgedRun(join(folder, name));
    const outcomes = trials.map(({ outcome }) => outcome.kind);
    expect(outcomes[0]).toBe("recovered");
    expect(outcomes).toContain("interrupted");
    expect(trials.flatMap(({ viewed_ms }) => viewed_ms).length).toBeGreaterThanOrEqual(2);
    expect(trialsWith("healed", records)).toEqual(trialsWith("fault-requested", records));
    expect(records.at(-1)?.event).toMatchObject({ kind: "run-ended", end: "interrupted" });
    expect(JSON.stringify(records)).not.toMatch(/token=/u);
  });

  it("shows the console of a VM on Proxmox VE, leaves it alone while its outage is measured, and shows it again", async () => {
    const run = startCli(
      "run experiments/thesis-failover.yaml --arm proxmox-console --trials 1 --speed 4 --ui 0 --log lines"
        .split(" ")
        .concat("-o", join(folder, "console")),
    );
    try {
      const { page, complaints } = await visit(browser, await linkIn(run.err));
      await shows(page, "live");
      await expectMoving(page);
      await shows(page, "frozen");
      await says(page, ".caption", /left alone while its outage is measured; its last picture$/u);
      await shows(page, "live", AN_OUTAGE);
      await expectMoving(page);
      await says(page, "[role=status]", /^Ended: [A-Z]+\. The report is in /u);
      expect(complaints()).toEqual([]);
      await page.context().close();
      await run.finished;
    } finally {
      run.child.kill("SIGKILL");
    }
    const [name = ""] = await readdir(join(folder, "console"));
    const { trials, records } = await judgedRun(join(folder, "console", name));
    const [trial] = trials;
    expect(trial).toMatchObject({ outcome: { kind: "recovered" } });
    expect(trial?.viewed_ms).toHaveLength(2);
    const [before = [0, Infinity], after = [0, 0]] = trial?.viewed_ms ?? [];
    const at = (kind: JournalRecord["event"]["kind"]): number =>
      records.find(({ event }) => event.kind === kind)?.at_ms ?? NaN;
    // Two seconds of the lab are half a real one.
    expect(before[1] - at("fault-requested")).toBeLessThan(2000);
    expect(after[0]).toBeGreaterThan(at("answering-again"));
  });

  it("lists runs, shows their reports and compares two of them", async () => {
    const serving = startCli(["serve", "reports", "--port", "0"]);
    try {
      const { page, complaints } = await visit(browser, await linkIn(serving.out));
      expect(await seriousProblems(page)).toEqual([]);
      expect(await tooWideOnPhone(page)).toEqual([]);
      await page.getByRole("radio", { name: "Compare sample", exact: true }).check();
      await page.getByRole("radio", { name: "Compare against sample", exact: true }).check();
      await page.getByRole("button", { name: "Compare the two" }).click();
      await expect.poll(async () => await page.textContent("h1"), patience).toMatch(/ against /u);
      expect(await tooWideOnPhone(page)).toEqual([]);
      await page.goBack();
      await page.getByRole("link", { name: "sample" }).click();
      await expect.poll(async () => await page.title(), patience).toMatch(/\S/u);
      expect(page.url()).toMatch(/\/runs\/sample$/u);
      expect(await tooWideOnPhone(page)).toEqual([]);
      expect(complaints()).toEqual([]);
      await page.context().close();
      serving.child.kill("SIGINT");
      expect((await serving.finished).code).toBe(0);
    } finally {
      serving.child.kill("SIGKILL");
    }
  });
});

async function linkIn(said: () => string): Promise<string> {
  const pattern = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/u;
  await expect.poll(said, patience).toMatch(pattern);
  return pattern.exec(said())?.[0] ?? "";
}

interface Visit {
  readonly page: Page;
  /** Errors on its console, and requests that would leave the machine. */
  readonly complaints: () => readonly string[];
}

/** As a browser of its own: closing its context is closing the browser. */
async function visit(browser: Browser, link: string): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.hostname !== "127.0.0.1" && url.protocol !== "data:") complaints.push(request.url());
  });
  await page.goto(link);
  return { page, complaints: () => complaints };
}

const shows = async (page: Page, what: string, { timeout } = patience): Promise<void> => {
  await page.waitForSelector(`[data-shows=${what}]`, { timeout });
};

/** A part of the page that need not be there all the time. */
const says = async (page: Page, selector: string, what: RegExp): Promise<void> => {
  await page.locator(selector, { hasText: what }).first().waitFor({ timeout: patience.timeout });
};

const fingerprint = async (page: Page): Promise<number> =>
  z.number().parse(await page.evaluate(FINGERPRINT));

async function expectMoving(page: Page): Promise<void> {
  await expect.poll(async () => await fingerprint(page), patience).not.toBe(0);
  const before = await fingerprint(page);
  await expect.poll(async () => await fingerprint(page), patience).not.toBe(before);
}

async function abort(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Abort the run" }).click();
  const confirm = page.getByRole("button", { name: "Abort and heal" });
  await page.getByLabel("Name of the run").fill("another run");
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByLabel("Name of the run").fill((await page.textContent("dialog code")) ?? "");
  await confirm.click();
}

/** The page stays as it was, but for having been on a phone in between. */
async function tooWideOnPhone(page: Page): Promise<readonly string[]> {
  const before = page.viewportSize();
  await page.setViewportSize(PHONE);
  const found = await tooWide(page);
  if (before !== null) await page.setViewportSize(before);
  return found;
}

/** By axe, whose source is put in by the debugger, which no policy of the page stops. */
async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = violations.parse(await page.evaluate("axe.run()"));
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

const trialsWith = (
  kind: "healed" | "fault-requested",
  records: readonly JournalRecord[],
): readonly string[] => records.flatMap(({ event }) => (event.kind === kind ? [event.trial] : []));
