import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DateTime } from "luxon";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noHooks } from "../../src/model/hooks.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";
import { readPlan, writePlan } from "../../src/store/plan-file.ts";
import { createRunFolder, openRunFolder } from "../../src/store/run-folder.ts";
import { createRunId } from "../../src/store/run-id.ts";
import { streamed } from "../support/fake-run.ts";
import { arm } from "../support/fake-study.ts";
import { writeFiles } from "../../src/store/write-files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blackout-run-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("createRunId", () => {
  it("names the moment in UTC, the experiment, and four random digits", () => {
    const wall = DateTime.fromISO("2026-11-22T14:37:00.987+01:00");
    expect(
      createRunId(wall, "thesis-failover", { seed: 0, next: () => 0.6303, fork: () => random }),
    ).toBe("2026-11-22T13-37-00Z-thesis-failover-a15b");
    const random = new SeededRandom(1);
    expect(createRunId(wall, "Über/../x", random)).toMatch(/^[0-9TZ-]+-[a-z0-9-]+-[0-9a-f]{4}$/);
  });
});

describe("createRunFolder", () => {
  it("makes the folder, and refuses one that is there", async () => {
    const reports = join(folder, "new", "reports");
    const run = await createRunFolder(reports, "run-1");
    expect(run.path).toBe(join(reports, "run-1"));
    expect(run.journal).toBe(join(reports, "run-1", "journal.ndjson"));
    await expect(createRunFolder(reports, "run-1")).rejects.toThrow("as it exists already");
  });

  it("a folder without a journal is no run", async () => {
    await expect(openRunFolder(folder)).rejects.toThrow(
      "journal.ndjson as it does not exist. blackout list <folder> shows",
    );
    await writeFile(join(folder, "journal.ndjson"), "");
    expect((await openRunFolder(folder)).plan).toBe(join(folder, "plan.json"));
  });
});

describe("writeFiles", () => {
  it("writes all, replaces what was there, and leaves nothing else behind", async () => {
    await writeFile(join(folder, "report.md"), "old");
    await writeFiles(folder, [
      { path: "report.md", content: "new" },
      { path: "report.bin", content: new Uint8Array([1, 2]) },
      { path: "plots/long.svg", content: streamed(["<svg>", new Uint8Array([60])]) },
    ]);
    expect(await readFile(join(folder, "report.md"), "utf8")).toBe("new");
    expect(await readFile(join(folder, "plots/long.svg"), "utf8")).toBe("<svg><");
    expect((await readdir(folder)).toSorted()).toEqual(["plots", "report.bin", "report.md"]);
  });

  it("a name that leaves the folder is a bug", async () => {
    for (const path of ["../x", "a/../x", "a/b/c", "/x", "a/.x", ".x/a"]) {
      await expect(writeFiles(folder, [{ path, content: "" }])).rejects.toThrow(
        "no bare file name",
      );
    }
  });

  it("a folder that cannot be written is told, and no passing file stays", async () => {
    await expect(writeFiles(join(folder, "gone"), [{ path: "a", content: "" }])).rejects.toThrow(
      "a as it does not exist",
    );
  });
});

describe("plan.json", () => {
  const plan: RunPlan = {
    format: 1,
    run: "run-1",
    tool: "blackout 0.1.0",
    experiment: {
      file: "e.yaml",
      name: "e",
      title: "e",
      description: "",
      seed: 1,
      order: "sequential",
      arms: [],
      acceptance: { rules: [], min_valid: null },
      hooks: noHooks,
      references: [],
      overrides: [],
    },
    inventory: { file: "i.yaml", clusters: [] },
    lab: null,
    trials: [],
  };

  it("reads back what was written", async () => {
    const path = join(folder, "plan.json");
    await writePlan(path, plan);
    expect(await readPlan(path)).toEqual(plan);
  });

  it("of a version that knew less is read as things were then: at any moment, and without pictures", async () => {
    const path = join(folder, "plan.json");
    const { pictures: _pictures, when: _when, ...old } = arm;
    await writeFile(
      path,
      JSON.stringify({ ...plan, experiment: { ...plan.experiment, arms: [old] } }),
    );
    const [read] = (await readPlan(path)).experiment.arms;
    expect(read).toEqual({ ...arm, pictures: false, when: { kind: "random" } });
  });

  it.each([
    ["no JSON", "{", "it is not JSON"],
    ["another version", '{"format":2}', "its format is 2, and this version reads only 1"],
    ["a damaged one", '{"format":1}', "it is damaged"],
  ])("%s is refused", async (_, text, message) => {
    const path = join(folder, "plan.json");
    await writeFile(path, text);
    await expect(readPlan(path)).rejects.toThrow(`Cannot read the plan ${path} as ${message}`);
  });
});
