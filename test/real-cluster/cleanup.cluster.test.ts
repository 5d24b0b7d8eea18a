import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { harnessProgram } from "./compile.ts";
import { leftovers, markedProcesses } from "./leftovers.ts";
import type { Layout } from "./layout.ts";
import { layoutOf } from "./layout.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { clean } from "./slot.ts";

const shared = sharedCluster();

describe.skipIf(shared.skip)(`what a second real cluster leaves behind${shared.note}`, () => {
  it("nothing, when its parent goes away while it is starting", async () => {
    const { child, layout } = await begin();
    expect(await leftovers(layout)).not.toEqual([]);
    child.stdin?.end();
    await once(child, "exit");
    expect(await leftovers(layout)).toEqual([]);
  });

  it("no process, when it is killed itself, and nothing after the next start's cleaning", async () => {
    const { child, layout } = await begin();
    expect(markedProcesses(layout.folder)).not.toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect.poll(() => markedProcesses(layout.folder), { timeout: 5000 }).toEqual([]);
    expect(existsSync(layout.folder)).toBe(true);
    await clean(layout);
    expect(await leftovers(layout)).toEqual([]);
  });
});

/** Begins a cluster beside the shared one, and waits until its workers have power. */
async function begin(): Promise<{ child: ChildProcess; layout: Layout }> {
  const child = spawn(process.execPath, [harnessProgram, "--while-input"], {
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
  for (let tries = 0; tries < 600 && !told.includes("switched on"); tries++) await pause(100);
  const slot = /blackout-real-cluster-(\d)\n/u.exec(told)?.[1];
  expect(told).toContain("switched on");
  expect(Number(slot)).not.toBe(shared.place().slot);
  return { child, layout: layoutOf(Number(slot)) };
}
