import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { LabDesktop } from "../../src/lab/desktop/desktop.ts";
import { serveDesktop } from "../../src/lab/desktop/serve-desktop.ts";
import { createLabNetwork } from "../../src/lab/network/create-network.ts";
import type { LabNetwork } from "../../src/lab/network/network.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { LabUp } from "../support/lab-up.ts";
import { startLabUp } from "../support/lab-up.ts";
import { requires } from "../support/requires.ts";

const needed = requires({ chromium: "chromium", curl: "curl", kubectl: "kubernetes-client" });
const patience = { timeout: 15_000, interval: 100 };
const flags = ["sandbox", "first-run"].map((name) => `--no-${name}`);
const disabled = ["gpu", "quic", "background-networking", "component-update", "sync"];

/** What stands on the canvas: a fingerprint of its pixels, and how many colours they have. */
const reading = z.object({
  width: z.number(),
  height: z.number(),
  colours: z.number(),
  hash: z.number(),
});
type Reading = z.infer<typeof reading>;
const READ_CANVAS = `(() => {
  const canvas = document.querySelector("#screen canvas");
  if (canvas === null || canvas.width === 0) return { width: 0, height: 0, colours: 0, hash: 0 };
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const colours = new Set();
  let hash = 0;
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    colours.add(colour);
    hash = (hash * 31 + colour) | 0;
  }
  return { width, height, colours: colours.size, hash };
})()`;

describe.skipIf(needed.skip)(`Chromium${needed.note}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = [...flags, ...disabled.map((name) => `--disable-${name}`)];
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
  });
  afterAll(async () => await browser.close());

  describe("on the desktops of a running lab", () => {
    let lab: LabUp;
    beforeAll(async () => {
      lab = await startLabUp();
    });
    afterAll(async () => {
      await lab.stop();
    });

    it("shows the moving desktop of a VM made with the printed lines", async () => {
      const line = lab
        .line("lab-pve: make a desktop of VM 100")
        .replaceAll(/sleep \d+/gu, "sleep 1");
      const { stdout } = await promisify(execFile)("sh", ["-c", line], { timeout: 30_000 });
      await expectMovingDesktop(browser, /http:\S+$/u.exec(stdout.trim())?.[0] ?? "");
    });

    it("shows the moving desktop of a pod behind the ingress", async () => {
      const line = lab.line("lab-k8s: make a desktop behind the ingress");
      const { stdout } = await promisify(execFile)("sh", ["-c", line], { timeout: 30_000 });
      const url = /http:\S+$/u.exec(stdout.trim())?.[0] ?? "";
      await expect.poll(async () => (await fetch(url)).status, patience).toBe(200);
      await expectMovingDesktop(browser, url);
    });
  });

  describe("on a desktop with a VNC password", () => {
    let network: LabNetwork;
    let url: string;
    beforeAll(async () => {
      const clock = new SystemClock();
      const desktop: LabDesktop = {
        clock,
        name: () => "locked boot 1",
        password: () => "secret12",
        vncUp: () => true,
      };
      network = await createLabNetwork(clock);
      const host = await network.addHost("guest");
      await serveDesktop(host, 6080, desktop);
      url = `http://${host.address}:6080/vnc.html`;
    });
    afterAll(async () => await network.close());

    it("asks for it, and shows the moving desktop", async () => {
      await expectMovingDesktop(browser, url, "secret12");
    });

    it("shows nothing for a wrong one", async () => {
      const { page } = await visit(browser, url, "wrong");
      const status = async (): Promise<string | null> => await page.textContent("#status");
      await expect.poll(status, patience).toMatch(/failed/iu);
      expect(await readCanvas(page)).toMatchObject({ colours: 0 });
      await page.close();
    });
  });
});

async function expectMovingDesktop(browser: Browser, url: string, password = ""): Promise<void> {
  const { page, complaints } = await visit(browser, url, password);
  const read = async (): Promise<Reading> => await readCanvas(page);
  await expect.poll(async () => (await read()).colours, patience).toBeGreaterThan(100);
  const before = await read();
  expect(before).toMatchObject({ width: 800, height: 600 });
  await expect.poll(async () => (await read()).hash, patience).not.toBe(before.hash);
  expect(await page.textContent("#status")).toMatch(/^Connected to \S/u);
  expect(complaints()).toEqual([]);
  await page.close();
}

interface Visit {
  readonly page: Page;
  /** Errors on the page's console, but for a missing favicon. */
  readonly complaints: () => readonly string[];
}

async function visit(browser: Browser, url: string, password: string): Promise<Visit> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("dialog", (dialog) => {
    void dialog.accept(password);
  });
  await page.goto(url);
  return { page, complaints: () => complaints.filter((text) => !text.includes("favicon")) };
}

async function readCanvas(page: Page): Promise<Reading> {
  return reading.parse(await page.evaluate(READ_CANVAS));
}
