import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeControlGroups } from "./control-groups.ts";
import type { Layout } from "./layout.ts";
import { layoutOf, SLOTS } from "./layout.ts";
import { markedProcesses } from "./leftovers.ts";
import { run, until } from "./run.ts";

const OWNER = "owner.json";
/** For how long a folder without an owner is taken for one that is just being made. */
const BIRTH_MS = 10_000;

/** Takes a slot that nobody uses, and first removes what a killed harness left in it. */
export async function takeSlot(): Promise<Layout> {
  for (let slot = 0; slot < SLOTS; slot++) {
    const layout = layoutOf(slot);
    if (existsSync(layout.folder)) {
      if (isOwned(layout.folder)) continue;
      await clean(layout);
    }
    if (await isOurs(layout.folder)) return layout;
  }
  throw new Error(`all ${SLOTS} slots for real clusters are in use on this machine`);
}

/** Ends what bears the cluster's mark, and removes what it made. Whoever calls this owns the slot, or nobody does. */
export async function clean(layout: Layout): Promise<void> {
  // Two that clean at once must not meet a third who has just made the folder anew.
  const grave = `${layout.folder}.removed-${process.pid}`;
  await until(`the processes of ${layout.folder} end`, 10_000, () => {
    const alive = markedProcesses(layout.folder);
    for (const pid of alive) kill(pid);
    return alive.length === 0 ? true : null;
  });
  await run("ip", ["link", "delete", layout.hostPort]).catch(() => undefined);
  await removeControlGroups(layout.name);
  await rename(layout.folder, grave).catch(() => undefined);
  await rm(grave, { recursive: true, force: true });
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch {
    return false;
  }
  const owner = { pid: process.pid, started: startOf(process.pid) };
  await writeFile(join(folder, OWNER), JSON.stringify(owner));
  await mkdir(join(folder, "logs"));
  return (await readFile(join(folder, OWNER), "utf8")) === JSON.stringify(owner);
}

function isOwned(folder: string): boolean {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(folder, OWNER), "utf8"));
    if (typeof owner !== "object" || owner === null || !("pid" in owner && "started" in owner)) {
      return false;
    }
    return typeof owner.pid === "number" && startOf(owner.pid) === owner.started;
  } catch {
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    return age < BIRTH_MS;
  }
}

/** When a process was started, in the kernel's ticks: two processes of one number differ in it. Null: there is none. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
