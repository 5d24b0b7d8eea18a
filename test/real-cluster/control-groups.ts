import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "./run.ts";

const ROOT = "/sys/fs/cgroup";

/** Version 1 has one hierarchy for each controller; the hybrid form has a version 2 beside them. */
export const hasControllers = (): boolean => existsSync(join(ROOT, "memory/cgroup.procs"));

/** Made before the kubelet starts, which only uses what is there as its root. `path` is `name/worker`. */
export async function createControlGroups(path: string): Promise<void> {
  for (const hierarchy of await readdir(ROOT)) {
    const folder = join(ROOT, hierarchy, path);
    if (hierarchy.includes(",") || !existsSync(join(ROOT, hierarchy, "cgroup.procs"))) continue;
    await mkdir(folder, { recursive: true });
    if (hierarchy === "cpuset") await inheritCpus(path);
  }
}

/** A cpuset group is born without processors and memory, and takes no process before it has some. */
async function inheritCpus(path: string): Promise<void> {
  let parent = join(ROOT, "cpuset");
  for (const part of path.split("/")) {
    const child = join(parent, part);
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      await writeFile(join(child, file), readFileSync(join(parent, file)));
    }
    parent = child;
  }
}

/** The groups that bear that path, below every hierarchy. */
export function controlGroups(path: string): readonly string[] {
  return readdirSync(ROOT)
    .map((hierarchy) => join(ROOT, hierarchy, path))
    .filter((folder) => existsSync(folder));
}

/** Their processes are dead; the kernel may take a moment to notice. */
export async function removeControlGroups(path: string): Promise<void> {
  await until(`control groups ${path} are gone`, 10_000, async () => {
    for (const folder of controlGroups(path)) await removeTree(folder);
    return controlGroups(path).length === 0 ? true : null;
  });
}

async function removeTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder);
}
