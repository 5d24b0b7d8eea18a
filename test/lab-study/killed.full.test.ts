import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scene } from "../support/crash/as-before.ts";
import { everywhere, killAndRestore, sceneOf } from "../support/crash/as-before.ts";
import type { Break } from "../support/crash/breaks.ts";
import { patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";

/** A trial has some thirty records, and makes some twenty changes. */
const AT_LEAST = { records: 25, changes: 8 };

describe.each(["kubernetes", "proxmox"] as const)("a tool that is killed on %s", (kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await sceneOf(await startDeadlyLab(kind), patientTrial(kind));
  });
  afterAll(async () => {
    await scene.deadly.stop();
  });

  const killedEverywhere = async (what: (at: number) => Break): Promise<number> =>
    await everywhere(async (at) => (await killAndRestore(scene, what(at))).killed);

  it.each(["all", "half", "none"] as const)(
    "at every record of its journal, of which %s is written: restore finds it all",
    async (written) => {
      const records = await killedEverywhere((at) => ({ kind: "kill", at, written }));
      expect(records).toBeGreaterThan(AT_LEAST.records);
    },
  );

  it("at every change, done and not answered: restore finds it all", async () => {
    const changes = await killedEverywhere((at) => ({ kind: "kill-from-lab", at }));
    expect(changes).toBeGreaterThan(AT_LEAST.changes);
  });
});
