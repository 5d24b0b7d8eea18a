import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { Scene } from "../support/crash/as-before.ts";
import { expectAsBefore, expectCode, killAndForget, sceneOf } from "../support/crash/as-before.ts";
import { patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";
import { studyOnLab } from "../support/lab-study.ts";
import type { Finished } from "../support/run-cli.ts";
import { runCli } from "../support/run-cli.ts";

describe("a cluster whose lock is taken", { timeout: 60_000 }, () => {
  let scene: Scene;
  let reports: string;
  beforeAll(async () => {
    scene = await sceneOf(await startDeadlyLab("kubernetes"), patientTrial("kubernetes"));
    reports = await mkdtemp(join(tmpdir(), "blackout-left-"));
  });
  afterAll(async () => {
    await scene.deadly.stop();
    await rm(reports, { recursive: true, force: true });
  });

  const another = async (): Promise<Finished> => {
    const { lab, folder } = scene.deadly;
    const file = join(folder, "experiment.yaml");
    return await runCli(["run", file, "-i", lab.inventoryPath, "-o", reports]);
  };

  it("by a run that was killed: another refuses and names what clears it; the lock alone is enough for that", async () => {
    await killAndForget(scene, { kind: "kill", at: "fault-confirmed", written: "half" });
    const refused = await another();
    expectCode(refused, 4, "a run after one that was killed");
    expect(refused.err).toMatch(
      /cluster-lock: run \S+ of \S+, process \d+ \(boot \S+, pid namespace \d+\) has it until /u,
    );
    expect(refused.err).toMatch(/and owes: deploy the desktop; IPMI power off on \S+/u);
    expect(refused.err).toMatch(/blackout restore --cluster lab-k8s/u);
    const args = ["restore", "--cluster", "lab-k8s", "-i", scene.deadly.lab.inventoryPath];
    const first = await runCli(args);
    expectCode(first, 0, "restore by the lock");
    expect(first.out).toMatch(/everything is taken back/u);
    await expectAsBefore(scene);
    expect((await runCli(args)).out).toMatch(/nothing is left to take back/u);
  });

  it("by a run that is going on: another refuses, and so does restore, which leaves it alone", async () => {
    const said: { run?: Finished; byLock?: Finished; byRun?: Finished } = {};
    const { lab } = scene.deadly;
    const study = await studyOnLab(lab, scene.experiment, async (event, tool) => {
      if (event.kind !== "fault-confirmed") return;
      // However slow this machine is, it is still going on when it is asked for.
      tool.kill("SIGSTOP");
      const output = present(tool.spawnargs.at(-1), "the folder of reports");
      const [run] = await readdir(output);
      said.run = await another();
      said.byLock = await runCli(["restore", "--cluster", "lab-k8s", "-i", lab.inventoryPath]);
      said.byRun = await runCli(["restore", join(output, present(run, "a run"))]);
      tool.kill("SIGCONT");
    });
    for (const finished of Object.values(said)) {
      expectCode(finished, 4, "while a run is going on");
      expect(finished.err).toMatch(/process \d+/u);
    }
    expect(Object.keys(said)).toHaveLength(3);
    expect(study.records.at(-1)?.event).toMatchObject({ kind: "run-ended", end: "completed" });
    await expectAsBefore(scene);
  });
});
