import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { Scene } from "./scene.ts";
import { untilStruck } from "./until-struck.ts";

const SPEED = 20;
/** Half of a failover of Proxmox VE at that speed. */
const HALF_MS = 3300;
/** The fourth: one of each arm is over, and this is of the first, a guest of Proxmox VE. */
const TRIAL = "004-";
const DESK = { width: 1100, height: 920 };

/** The page of a run, open from its beginning until it is in the middle of an outage. */
async function inOutage(browser: Browser): Promise<Buffer> {
  const output = await mkdtemp(join(tmpdir(), "blackout-pictures-"));
  const asked = `run experiments/thesis-failover.yaml --trials 2 --speed ${SPEED} --ui 0 -o ${output}`;
  const run = spawn(process.execPath, ["dist/bin.js", ...asked.split(" ")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(run, "close");
  const page = await browser.newPage({ viewport: DESK });
  try {
    await page.goto(await linkOf(run));
    await untilStruck({ reports: output, process: run }, TRIAL);
    await page.waitForTimeout(HALF_MS);
    return await page.screenshot();
  } finally {
    await page.close();
    // As Ctrl-C: it heals, and takes its lab with it.
    run.kill("SIGINT");
    await ended;
    await rm(output, { recursive: true, force: true });
  }
}

/** Where the page is, as the run tells it; what it says after that is read and let go. */
async function linkOf({ stderr }: ChildProcess): Promise<string> {
  let said = "";
  return await new Promise((resolve, reject) => {
    stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const [link] = /http:\/\/\S+\?token=\S+/u.exec(said) ?? [];
      if (link !== undefined) resolve(link);
    });
    stderr?.once("end", () => {
      reject(new Error(`the run told of no page: ${said}`));
    });
  });
}

/** The live page. */
export const liveScenes: readonly Scene[] = [{ name: "live", take: inOutage }];
