import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { readJournal } from "../../src/store/read-journal.ts";
import { askCluster } from "../support/crash/ask-cluster.ts";
import type { Scene } from "../support/crash/as-before.ts";
import {
  expectAsBefore,
  everywhere,
  expectCode,
  fullAndRestore,
  killAndForget,
  killAndRestore,
  sceneOf,
} from "../support/crash/as-before.ts";
import type { Break, DeadlyLab } from "../support/crash/breaks.ts";
import { brokenRun, patientTrial, startDeadlyLab } from "../support/crash/breaks.ts";
import { runCli, startCli } from "../support/run-cli.ts";

const AT_LEAST = 25;

/** Where most is under way and least is known. */
const worst: readonly Extract<Break, { at: unknown }>[] = [
  { kind: "kill", at: "lock-wanted", written: "all" },
  { kind: "kill", at: "intent", written: "all" },
  { kind: "kill", at: "act-done", written: "none" },
  { kind: "kill", at: "fault-requested", written: "all" },
  { kind: "kill-from-lab", at: "chassis off" },
  { kind: "kill-from-lab", at: "chassis on" },
  { kind: "kill", at: "undo-done", written: "none" },
  { kind: "kill", at: "lock-released", written: "none" },
];

const mayLeaveNothing: readonly unknown[] = ["lock-wanted", "lock-released"];

describe.each(["kubernetes", "proxmox"] as const)("a tool that is broken on %s", (kind) => {
  let deadly: DeadlyLab;
  let scene: Scene;
  let reports: string;
  beforeAll(async () => {
    deadly = await startDeadlyLab(kind);
    scene = await sceneOf(deadly, patientTrial(kind));
    reports = await mkdtemp(join(tmpdir(), "blackout-broken-"));
  });
  afterAll(async () => {
    await deadly.stop();
    await rm(reports, { recursive: true, force: true });
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s at every record: takes back itself what it did, and restore finds nothing",
    async (signal) => {
      const positions = await everywhere(async (at) => {
        const what = { kind: "signal", at, signal } as const;
        const { finished, folder } = await brokenRun(deadly, scene.experiment, reports, what);
        await expectAsBefore(scene);
        const run = present(folder, `a run; the tool said: ${finished.err}`);
        const { records } = await readJournal(join(run, "journal.ndjson"));
        // After the last sample of the last trial there is nothing left to interrupt.
        const last = records.at(-1)?.event;
        expect(last).toMatchObject({ end: expect.stringMatching(/^(completed|interrupted)$/u) });
        const interrupted = last?.kind === "run-ended" && last.end === "interrupted";
        expectCode(finished, interrupted ? 130 : 0, `${signal} at record ${at}`);
        expect((await runCli(["restore", run])).out).toMatch(/nothing is left to take back/u);
        return records.length > at;
      });
      expect(positions).toBeGreaterThan(AT_LEAST);
    },
  );

  it("by a disk that is full from any record on: takes back itself what it did, exits 2", async () => {
    const positions = await everywhere(async (at) => {
      const finished = await fullAndRestore(scene, at);
      if (finished !== null) expectCode(finished, 2, `a disk that is full from record ${at} on`);
      return finished !== null;
    });
    expect(positions).toBeGreaterThan(AT_LEAST);
  });

  it.each(worst)(
    "by SIGKILL ($kind at $at): the cluster's lock alone tells restore what is left",
    async (what) => {
      await killAndForget(scene, what).catch((error: unknown) => {
        // Before it has the lock, and after it gave it back, nothing is left.
        if (!mayLeaveNothing.includes(what.at)) throw error;
      });
      const name = present(deadly.lab.inventory.clusters[0], "a cluster").name;
      const args = ["restore", "--cluster", name, "-i", deadly.lab.inventoryPath];
      expectCode(await runCli(args), 0, JSON.stringify(what));
      await expectAsBefore(scene);
      expect((await runCli(args)).out).toMatch(/nothing is left to take back/u);
    },
  );

  it("and another, started at the same time: one runs, the other says who has the cluster, and until when", async () => {
    const file = join(deadly.folder, "twice.yaml");
    await writeFile(file, scene.experiment);
    const both = [1, 2].map(
      async () =>
        await startCli(["run", file, "-i", deadly.lab.inventoryPath, "-o", reports]).finished,
    );
    const ended = (await Promise.all(both)).toSorted((a, b) => (a.code ?? -1) - (b.code ?? -1));
    expect(ended.map(({ code }) => code)).toEqual([0, 4]);
    expect(`${ended[1]?.out}${ended[1]?.err}`).toMatch(
      /cluster-lock:\s+run\s+\S+\s+of\s+\S+,\s+process\s+\d+\s+\([^)]*\)\s+has\s+it\s+until\s+\d{4}-/u,
    );
    await expectAsBefore(scene);
  });
});

describe("a VM that was there before", () => {
  let deadly: DeadlyLab;
  let scene: Scene;
  beforeAll(async () => {
    deadly = await startDeadlyLab("proxmox");
    const ask = await askCluster(present(deadly.lab.inventory.clusters[0], "a cluster"));
    const clone = { newid: "120", name: "lighthouse" };
    await ask("/api2/json/nodes/pve1/qemu/9000/clone", { method: "POST", form: clone });
    // A clone takes its time, and the CRM takes note within its next rounds.
    await sleep(1000);
    const form = { sid: "vm:120", state: "stopped", max_restart: "3", comment: "keep: 100 % ours" };
    await ask("/api2/json/cluster/ha/resources", { method: "POST", form });
    await sleep(1500);
    const experiment = patientTrial("proxmox").replace(
      "{ kind: clone, template: 9000 }",
      "{ kind: existing, vmid: 120 }",
    );
    scene = await sceneOf(deadly, experiment);
  });
  afterAll(async () => {
    await deadly.stop();
  });

  it.each(["act-done", "fault-requested", "fault-confirmed", "healed"] as const)(
    "has its HA settings, comment and power state back after a crash at %s",
    async (at) => {
      const crash = await killAndRestore(scene, { kind: "kill", at, written: "half" });
      expect(crash).toEqual({ killed: true, left: true });
    },
  );
});
