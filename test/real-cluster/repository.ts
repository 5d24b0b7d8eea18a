import { existsSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The repository's folder, also where this file was compiled to somewhere below it. */
export const repository = above(import.meta.dirname);

/** Files that are written here, and not TypeScript: scripts for workers and images. */
export const harness = join(repository, "test/real-cluster");

/** Kept from one cluster to the next, of all repositories on this machine: unpacked programs and built images. */
export function cacheFolder(): string {
  const folder = join(tmpdir(), "blackout-real-cluster-cache");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // What lies there is run as root.
  const { uid, mode } = statSync(folder);
  if (uid !== 0 || (mode & 0o022) !== 0)
    throw new Error(`${folder} is not root's alone; remove it`);
  return folder;
}

function above(folder: string): string {
  if (existsSync(join(folder, "vitest.config.ts"))) return folder;
  if (folder === "/") throw new Error("this file is in no repository");
  return above(dirname(folder));
}
