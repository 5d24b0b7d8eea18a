import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { Scene } from "../support/crash/as-before.ts";
import { expectAsBefore, expectCode, fullAndRestore, sceneOf } from "../support/crash/as-before.ts";
import { breaking, brokenRun, patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";
import { runCli } from "../support/run-cli.ts";

describe("a disk that takes no more", { timeout: 60_000 }, () => {
  let scene: Scene;
  let reports: string;
  beforeAll(async () => {
    scene = await sceneOf(await startDeadlyLab("proxmox"), patientTrial("proxmox"));
    reports = await mkdtemp(join(tmpdir(), "blackout-disk-"));
  });
  afterAll(async () => {
    await scene.deadly.stop();
    await rm(reports, { recursive: true, force: true });
  });

  it("from the kill on: the run heals, says so, and exits 2; restore finds nothing to do", async () => {
    const finished = present(await fullAndRestore(scene, "fault-confirmed"), "its end");
    expectCode(finished, 2, "a full disk");
    expect(finished.err).toMatch(/the disk is full/u);
  });

  it("from the beginning: nothing is done", async () => {
    const folder = join(reports, "none");
    const what = { kind: "read-only", folder } as const;
    const { finished } = await brokenRun(scene.deadly, scene.experiment, folder, what);
    expectCode(finished, 2, "a read-only folder");
    expect(finished.err).toMatch(/the file system is read-only/u);
    await expectAsBefore(scene);
  });

  it("once the tool is dead: restore takes back all the same, and says that it cannot note it", async () => {
    const killed = { kind: "kill", at: "fault-confirmed", written: "half" } as const;
    const { folder } = await brokenRun(scene.deadly, scene.experiment, reports, killed);
    const run = present(folder, "the folder of the run");
    const readOnly = breaking({ kind: "read-only", folder: reports });
    for (const what of ["first", "second, which looks once more and finds it done"]) {
      const restored = await runCli(["restore", run], readOnly);
      expectCode(restored, 0, what);
      expect(restored.err).toMatch(/what is taken back is not noted: .*read-only/u);
      expect(restored.out).toMatch(/everything is taken back/u);
      await expectAsBefore(scene);
    }
    expectCode(await runCli(["restore", run]), 0, "with a disk");
    expect((await runCli(["restore", run])).out).toMatch(/nothing is left to take back/u);
  });
});
