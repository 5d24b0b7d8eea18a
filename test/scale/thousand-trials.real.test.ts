import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeManyTrials } from "./many-trials.ts";

const MB = 2 ** 20;

/** What a child took to run to its end. */
interface Taken {
  readonly code: number | null;
  readonly seconds: number;
  /** The largest resident set of the process, by its own account. */
  readonly most_mb: number;
  readonly said: string;
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-scale-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The built program with a last word on its memory, as its exit tells it. */
async function taken(args: readonly string[]): Promise<Taken> {
  const tell =
    "process.on('exit', () => process.stderr.write(`maxRSS ${process.resourceUsage().maxRSS}\\n`))";
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", `data:text/javascript,${tell}`, resolve("dist/bin.js"), ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = (performance.now() - began) / 1000;
  const kilobytes = Number(/maxRSS (\d+)/u.exec(said)?.[1]);
  return { code, seconds, most_mb: kilobytes / 1024, said };
}

describe("blackout report", () => {
  it("renders a thousand trials with samples each 250 ms in 10 s and 500 MB, on a page of 5 MB", async () => {
    const run = join(folder, "thousand");
    expect(await writeManyTrials(run, 1000)).toBeGreaterThan(1_000_000);
    const { code, seconds, most_mb, said } = await taken(["report", run]);
    const page_mb = (await stat(join(run, "report.html"))).size / MB;
    const told = `${seconds.toFixed(1)} s, ${most_mb.toFixed(0)} MB, a page of ${page_mb.toFixed(2)} MB: ${said}`;
    expect(code, `seen: ${told}`).toBeLessThan(4);
    expect(said, `seen: ${told}`).not.toContain("could not be written");
    expect(seconds, `seen: ${told}`).toBeLessThan(10);
    expect(most_mb, `seen: ${told}`).toBeLessThan(500);
    expect(page_mb, `seen: ${told}`).toBeLessThan(5);
  });

  it("shows a hundred trials on a page of 1.5 MB", async () => {
    const run = join(folder, "hundred");
    await writeManyTrials(run, 100);
    const { said } = await taken(["report", run, "--format", "html"]);
    const page_mb = (await stat(join(run, "report.html"))).size / MB;
    expect(page_mb, `said: ${said}`).toBeLessThan(1.5);
  });
});
