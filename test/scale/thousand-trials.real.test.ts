import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeManyTrials } from "./many-trials.ts";

const MB = 2 ** 20;

/** What others do only adds to what it takes, so that where it was too much it is tried so many times more. */
const BUSY = 2;

/** What a child took to run to its end. */
interface Taken {
  readonly code: number | null;
  /**
   * By the clock, without what its main thread stood in line for a processor that others had. On an idle machine that is
   * all; on a busy one it is still more than an idle one takes, as the threads that help it stand in line, too.
   */
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

/** What the program says of itself in the end; nanoseconds in line by Documentation/scheduler/sched-stats.rst of Linux. */
const LAST_WORDS = `import { readFileSync } from "node:fs";
process.on("exit", () => {
  const stat = readFileSync("/proc/self/task/" + process.pid + "/schedstat", "utf8");
  const [, queued] = stat.split(" ");
  process.stderr.write("took " + process.resourceUsage().maxRSS + " kB, in line " + queued + " ns");
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
  const [, kilobytes, queued] = /took (\d+) kB, in line (\d+) ns$/u.exec(said) ?? [];
  return {
    code: child.exitCode,
    seconds: seconds - Number(queued) / 1e9,
    most_mb: Number(kilobytes) / 1024,
    said,
  };
}

describe("blackout report", () => {
  it.each([
    { of: "all arms of the sample run", arm: null, least: 1_000_000 },
    { of: "one arm on Kubernetes", arm: "kubernetes", least: 400_000 },
  ])(
    "renders a thousand trials of $of with samples each 250 ms, on a page of 5 MB, in 500 MB and 10 s of an idle machine",
    { retry: BUSY },
    async ({ arm, least }) => {
      const run = join(folder, `thousand-${arm ?? "all"}`);
      expect(await writeManyTrials(run, 1000, arm)).toBeGreaterThan(least);
      const { code, seconds, most_mb, said } = await taken(["report", run]);
      const page_mb = (await stat(join(run, "report.html"))).size / MB;
      const told = `${seconds.toFixed(1)} s, ${most_mb.toFixed(0)} MB, a page of ${page_mb.toFixed(2)} MB: ${said}`;
      expect(code, `seen: ${told}`).toBeLessThan(4);
      expect(said, `seen: ${told}`).not.toContain("could not be written");
      expect(seconds, `seen: ${told}`).toBeLessThan(10);
      expect(most_mb, `seen: ${told}`).toBeLessThan(500);
      expect(page_mb, `seen: ${told}`).toBeLessThan(5);
    },
  );

  it("shows a hundred trials on a page of 1.5 MB", async () => {
    const run = join(folder, "hundred");
    await writeManyTrials(run, 100);
    const { said } = await taken(["report", run, "--format", "html"]);
    const page_mb = (await stat(join(run, "report.html"))).size / MB;
    expect(page_mb, `said: ${said}`).toBeLessThan(1.5);
  });
});
