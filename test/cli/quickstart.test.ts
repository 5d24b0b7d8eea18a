import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import { truthOf } from "../support/lab-study.ts";
import { desktopPods, nodesNotUp } from "../support/one-trial.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const study = "experiments/thesis-failover.yaml";

/** The commands of the README's first page, as a user types them. Everything that one leaves behind shows in `temporary` or in `/proc`. */
describe("blackout, as the README begins it", { timeout: 40_000 }, () => {
  let temporary: string;
  let output: string;
  const marked = (): Record<string, string> => ({ TMPDIR: temporary });

  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), "blackout-quickstart-"));
    output = join(temporary, "reports");
  });
  afterAll(async () => {
    await rm(temporary, { recursive: true, force: true });
  });

  async function expectNothingLeft(): Promise<void> {
    expect(processesOf(temporary)).toEqual([]);
    const entries = await readdir(temporary, { recursive: true, withFileTypes: true });
    const left = entries.filter(
      (entry) => entry.isFile() && !entry.parentPath.includes("/reports"),
    );
    expect(left).toEqual([]);
  }

  describe("run", () => {
    let finished: Finished;
    let folder: string;
    beforeAll(async () => {
      finished = await runCli(["run", study, "--trials", "1", "-o", output], marked());
      folder = join(output, (await readdir(output))[0] ?? "no run folder");
    }, 60_000);

    it("exits 0, prints a row for each arm and where the report is", () => {
      expect(finished.err).not.toContain("error");
      expect(finished.code).toBe(0);
      for (const arm of ["proxmox-guest", "proxmox-console", "kubernetes"]) {
        expect(finished.out).toMatch(new RegExp(`^${arm} +1/1`, "mu"));
      }
      expect(finished.out).toContain(`Report: ${join(folder, "report.html")}`);
    });

    it("writes every file of a run", async () => {
      expect(await readdir(folder)).toEqual(
        expect.arrayContaining([
          "frames",
          "journal.ndjson",
          "junit.xml",
          "metrics.prom",
          "plan.json",
          "plots",
          "report.html",
          "report.json",
          "report.md",
          "samples.ndjson",
          "trials.csv",
        ]),
      );
    });

    it("leaves no process, so no port, and no temporary folder", async () => {
      await expectNothingLeft();
    });

    it("is judged again by report to the same bytes in every format", async () => {
      const before = await contents(folder);
      const again = await runCli(["report", folder], marked());
      expect(again.code).toBe(0);
      expect(await contents(folder)).toEqual(before);
    });
  });

  it("plan exits 0, says that nothing was touched, and makes no folder", async () => {
    const before = await readdir(temporary);
    const { code, out } = await runCli(["plan", study], marked());
    expect(code).toBe(0);
    expect(out).toMatch(/nothing has been touched/iu);
    expect(out).toContain("may be killed");
    expect(await readdir(temporary)).toEqual(before);
    expect(processesOf(temporary)).toEqual([]);
  });

  it("plan asks a running cluster everything and starts nothing on it", async () => {
    const lab = await startTestLab(await labSpec());
    try {
      const { code, out } = await runCli(["plan", study, "-i", lab.inventoryPath], marked());
      expect(code).toBe(0);
      expect(out).toContain("may be killed");
      const events = await truthOf(lab);
      expect(events.filter(({ kind }) => kind === "guest")).toEqual([]);
      expect(await desktopPods(lab)).toEqual([]);
      expect(await nodesNotUp(lab)).toEqual([]);
    } finally {
      const asked = performance.now();
      await lab.stop();
      // By itself: one that hangs is killed after five seconds.
      expect(performance.now() - asked).toBeLessThan(4000);
    }
  });

  it("lab up says how to reach it, and ends on Ctrl-C with exit 0, leaving nothing", async () => {
    const lab = startCli(["lab", "up"], marked());
    while (!lab.out().includes("Ctrl-C ends the lab")) await sleep(20);
    expect(lab.out()).toContain("ipmitool");
    expect(lab.out()).toContain("kubectl");
    lab.child.kill("SIGINT");
    expect((await lab.finished).code).toBe(0);
    await expectNothingLeft();
  });

  it("a run that is killed takes its lab with it, though the lab has just begun to start", async () => {
    const args = ["run", study, "-o", output, "--arm", "kubernetes"];
    for (const startedMs of [0, 1500]) {
      const run = startCli(args, marked());
      while (processesOf(temporary).length < 2) await sleep(5);
      await sleep(startedMs);
      run.child.kill("SIGKILL");
      await run.finished;
      await expect.poll(() => processesOf(temporary), { timeout: 5000 }).toEqual([]);
      await expectNothingLeft();
    }
  });
});

describe("the command line", () => {
  it.each([
    "",
    "run",
    "check",
    "plan",
    "list",
    "report",
    "compare",
    "baseline",
    "schema",
    "lab",
    "lab up",
    "lab selftest",
  ])("explains itself with examples: %s --help", async (command) => {
    const { code, out } = await runCli([...command.split(" ").filter(Boolean), "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: blackout/u);
    expect(out).toMatch(/Examples?:/u);
  });

  it("refuses an unknown option with exit 2", async () => {
    const { code, err } = await runCli(["run", study, "--trails", "3"]);
    expect(code).toBe(2);
    expect(err).toContain("--trials");
  });

  it("proposes the command that was meant, with exit 2", async () => {
    const { code, err } = await runCli(["repot"]);
    expect(code).toBe(2);
    expect(err).toContain("Did you mean report?");
  });

  it.each(["experiment", "inventory", "report", "baseline", "log"])(
    "prints a JSON Schema: schema %s",
    async (format) => {
      const { code, out } = await runCli(["schema", format]);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ title: `blackout ${format}` });
    },
  );
});

/** Of this user, by a text in their environment, which their children inherit. */
function processesOf(mark: string): readonly string[] {
  return readdirSync("/proc").filter((id) => {
    if (!/^\d+$/u.test(id)) return false;
    try {
      return readFileSync(`/proc/${id}/environ`, "utf8").includes(mark);
    } catch {
      return false;
    }
  });
}

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path, await readFile(path, "latin1")] as const;
      }),
    ),
  );
}
