import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { readJournal } from "../../../src/store/read-journal.ts";
import { judgedRun } from "../judged-run.ts";
import type { Finished } from "../run-cli.ts";
import { runCli } from "../run-cli.ts";
import type { Break, Broken, DeadlyLab } from "./breaks.ts";
import { brokenRun } from "./breaks.ts";
import { clusterState } from "./cluster-state.ts";

/** A cluster takes some of its own seconds to forget a node's absence (taints, the pods of it). Real time. */
const TO_SETTLE_MS = 10_000;

/** One lab that serves many crashes, and how it was before the first. */
export interface Scene {
  readonly deadly: DeadlyLab;
  readonly experiment: string;
  readonly before: unknown;
}

export async function sceneOf(deadly: DeadlyLab, experiment: string): Promise<Scene> {
  return { deadly, experiment, before: await clusterState(deadly.lab) };
}

export async function expectAsBefore({ deadly, before }: Scene): Promise<void> {
  await expect
    .poll(async () => await clusterState(deadly.lab), { timeout: TO_SETTLE_MS, interval: 200 })
    .toEqual(before);
}

export interface Crash {
  /** False: the run ended before it came to that. */
  readonly killed: boolean;
  /** Whether the tool left anything on the cluster that was not there before. */
  readonly left: boolean;
}

/** Kills the tool so, restores in a new process, and finds the cluster as before. */
export async function killAndRestore(scene: Scene, what: Break): Promise<Crash> {
  const reports = await mkdtemp(join(tmpdir(), "blackout-crash-"));
  try {
    const broken = await brokenRun(scene.deadly, scene.experiment, reports, what);
    const told = `${JSON.stringify(what)}: ${broken.finished.err}`;
    const left = broken.killed && !(await isAsBefore(scene));
    if (broken.killed) await expectRestorable(broken, told);
    else expectCode(broken.finished, 0, told);
    await expectAsBefore(scene);
    return { killed: broken.killed, left };
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

/**
 * Fills the tool's disk from that record on: it leaves the cluster as before by itself, and restore finds nothing to do.
 * Null: the run ended before it came to that.
 */
export async function fullAndRestore(
  scene: Scene,
  at: Extract<Break, { kind: "full" }>["at"],
): Promise<Finished | null> {
  const reports = await mkdtemp(join(tmpdir(), "blackout-full-"));
  try {
    const what = { kind: "full", at } as const;
    const { finished, folder } = await brokenRun(scene.deadly, scene.experiment, reports, what);
    await expectAsBefore(scene);
    if (folder !== null) expectCode(await runCli(["restore", folder]), 0, finished.err);
    await expectAsBefore(scene);
    return finished.code === 0 ? null : finished;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

const MOST_POSITIONS = 200;

/** Position by position, until a run comes to its end before the next one. How many there were. */
export async function everywhere(breakAt: (at: number) => Promise<boolean>): Promise<number> {
  for (let at = 1; at < MOST_POSITIONS; at++) {
    if (!(await breakAt(at))) return at - 1;
  }
  throw new Error("no run came to its end");
}

/** Kills the tool so, on whose cluster something is left then, and deletes its reports. */
export async function killAndForget(scene: Scene, what: Break): Promise<void> {
  const reports = await mkdtemp(join(tmpdir(), "blackout-crash-"));
  try {
    const { finished, killed } = await brokenRun(scene.deadly, scene.experiment, reports, what);
    if (!killed) throw new Error(`it was not killed: ${JSON.stringify(what)}: ${finished.err}`);
    expect(await isAsBefore(scene)).toBe(false);
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

/** A server that died with its node answers nothing, which is not as before. */
const isAsBefore = async ({ deadly, before }: Scene): Promise<boolean> =>
  await clusterState(deadly.lab).then(
    (now) => isDeepStrictEqual(now, before),
    () => false,
  );

/** By its journal; nothing that it said is lost, and a second time nothing is left. */
async function expectRestorable({ folder }: Broken, told: string): Promise<void> {
  if (folder === null) return;
  const journal = join(folder, "journal.ndjson");
  const { wholeBytes } = await readJournal(journal);
  const whole = (await readFile(journal)).subarray(0, wholeBytes);
  const first = await runCli(["restore", folder]);
  expectCode(first, 0, told);
  expect((await readFile(journal)).subarray(0, wholeBytes).equals(whole)).toBe(true);
  const second = await runCli(["restore", folder]);
  expect(second).toMatchObject({ code: 0, err: "" });
  expect(second.out).toMatch(/nothing is left to take back/u);
  await judgedRun(folder);
}

/** Or an error that holds all that was said. */
export function expectCode({ code, out, err }: Finished, expected: number, story: string): void {
  if (code === expected) return;
  throw new Error(`exit code ${code}, not ${expected}\n${story}\n-- ended with:\n${out}${err}`);
}
