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
  /** Until its end; or what its main thread took of a processor, where others held it up. */
  readonly seconds: number;
  /** Its largest resident set, by its own account. */
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

/** What the program says of itself in the end; of its main thread in hundredths of a second (proc(5), fields 14 and 15). */
const LAST_WORDS = `import { readFileSync } from "node:fs";
process.on("exit", () => {
  const stat = readFileSync("/proc/self/task/" + process.pid + "/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  process.stderr.write("took " + process.resourceUsage().maxRSS + " kB, " + ticks + " ticks");
})`;

/** The built program as a user runs it. */
async function taken(args: readonly string[]): Promise<Taken> {
  const began = performance.now();
  const telling = `data:text/javascript,${encodeURIComponent(LAST_WORDS)}`;
  const child = spawn(process.execPath, ["--import", telling, resolve("dist/bin.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  const [, kilobytes, ticks] = /took (\d+) kB, (\d+) ticks$/u.exec(said) ?? [];
  return {
    code: child.exitCode,
    seconds: Math.min(seconds, Number(ticks) / 100),
    most_mb: Number(kilobytes) / 1024,
    said,
  };
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
