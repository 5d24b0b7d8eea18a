import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scene } from "../support/crash/as-before.ts";
import { killAndRestore, sceneOf } from "../support/crash/as-before.ts";
import type { Break } from "../support/crash/breaks.ts";
import type { ClusterKind } from "../support/crash/breaks.ts";
import { patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";

/** The full tier has every position (killed.full.test.ts); these lie where most is under way. */
const sample: Readonly<Record<ClusterKind, readonly { when: string; what: Break }[]>> = {
  kubernetes: [
    { when: "has the lock, and does not know", what: { kind: "kill-from-lab", at: "/leases" } },
    {
      when: "has a node off, and was noting it",
      what: { kind: "kill", at: "fault-confirmed", written: "half" },
    },
  ],
  proxmox: [
    {
      when: "has a node off, and does not know",
      what: { kind: "kill-from-lab", at: "chassis off" },
    },
    { when: "has taken back half", what: { kind: "kill", at: "undo-done", written: "all" } },
  ],
};

describe.each(["kubernetes", "proxmox"] as const)("a tool that is killed on %s", (kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await sceneOf(await startDeadlyLab(kind), patientTrial(kind));
  });
  afterAll(async () => {
    await scene.deadly.stop();
  });

  it.each(sample[kind])(
    "when it $when: restore finds it all",
    { timeout: 60_000 },
    async ({ what }) => {
      expect(await killAndRestore(scene, what)).toEqual({ killed: true, left: true });
    },
  );
});
