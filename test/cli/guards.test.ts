import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DateTime } from "luxon";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labSpec, only, startTestLab } from "../support/lab-child.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli } from "../support/run-cli.ts";
import { truthOf } from "../support/lab-study.ts";

const experiment = `
title: one failover
seed: 1
arms:
  guest:
    cluster: lab-pve
    trials: 1
    desktop: { kind: proxmox, source: { kind: clone, template: 9000 }, reach: guest }
    fault: { kind: power, action: off, over: ipmi }
`;

const poor = (text: string): string => text.replace("max_kills: null", "max_kills: 1");
const same = (text: string): string => text;

/** One minute, half a day from now: a lab's clock does not get there before its test is over. */
function farOff(): string {
  const from = DateTime.utc().plus({ hours: 12 });
  const to = from.plus({ minutes: 1 });
  return `[{ days: [mon, tue, wed, thu, fri, sat, sun], from: "${from.toFormat("HH:mm")}", to: "${to.toFormat("HH:mm")}", zone: UTC }]`;
}

const closed = (text: string): string => text.replace("windows: []", `windows: ${farOff()}`);

describe("guards on the command line", { timeout: 60_000 }, () => {
  let lab: Awaited<ReturnType<typeof startTestLab>>;
  let folder: string;
  let inventory: string;
  beforeAll(async () => {
    lab = await startTestLab(await labSpec(only("proxmox")));
    folder = await mkdtemp(join(tmpdir(), "blackout-guards-"));
    inventory = await readFile(lab.inventoryPath, "utf8");
  });
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const reports = (): string => join(folder, "reports");
  async function blackout(
    command: "run" | "plan",
    change: (text: string) => string,
    ...words: readonly string[]
  ): Promise<Finished> {
    const files = { inventory: join(folder, "inventory.yaml"), experiment: join(folder, "x.yaml") };
    const changed = change(inventory);
    await writeFile(files.inventory, changed);
    await writeFile(files.experiment, experiment);
    const output = command === "run" ? ["-o", reports()] : [];
    return await runCli([command, files.experiment, "-i", files.inventory, ...output, ...words]);
  }

  it("refuse a run with exit 4 before any act, say when it may be, and plan says the same", async () => {
    const refused = await blackout("run", closed);
    expect(refused.err).toMatch(/maintenance-window: no window .* opens on \w{3} \d{4}-/u);
    expect(refused.code).toBe(4);
    await expect(readdir(reports())).rejects.toThrow("ENOENT");
    expect((await truthOf(lab)).filter(({ kind }) => kind === "guest")).toEqual([]);
    const planned = await blackout("plan", closed);
    expect(planned.out).toContain("refused. maintenance-window");
    expect(planned.code).toBe(4);
  });

  it("refuse more kills than the budget has before the first one", async () => {
    const refused = await blackout("run", poor, "--trials", "2");
    expect(refused.err).toContain("budget: 2 kills are planned; needs at most 1");
    expect(refused.code).toBe(4);
  });

  it("give way to --override by name, which plan shows and every report tells", async () => {
    const planned = await blackout("plan", closed, "--override", "maintenance-window");
    expect(planned.out).toMatch(/override +pve\d: maintenance-window: /u);
    expect(planned.code).toBe(0);
    const ran = await blackout("run", closed, "--override", "maintenance-window");
    expect(ran.out).toContain("Guard overridden: maintenance-window in 1 trial");
    expect(ran.code).toBe(0);
    const [run = ""] = await readdir(reports());
    for (const file of ["report.md", "report.html", "report.json", "journal.ndjson"]) {
      const text = await readFile(join(reports(), run, file), "utf8");
      expect(text).toContain("maintenance-window");
    }
  });

  it("are named with the nearest where an override is none, and never give way where they must hold", async () => {
    const unknown = await blackout("plan", same, "--override", "other-workload");
    expect(unknown.err).toContain('did you mean "other-workloads"?');
    expect(unknown.code).toBe(2);
    const binding = await blackout(
      "plan",
      same,
      "--override",
      "quorum",
      "--override",
      "own-machine",
    );
    expect(binding.err).toContain("own-machine can never be overridden");
    expect(binding.code).toBe(2);
  });
});
