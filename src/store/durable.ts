import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { OperatingError } from "../base/errors.ts";

/** A folder and those above it. Step by step, as Node's own way never ends where the file system takes no folders (/proc). */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") {
      if ((await stat(path)).isDirectory()) return;
      throw new OperatingError("environment", `Cannot make the folder ${path} as a file is there`);
    }
    if (code !== "ENOENT" || dirname(path) === path)
      throw diskError("make the folder", path, error);
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      throw diskError("make the folder", path, again);
    });
  }
}

/** Makes the names in a folder durable: without it a new file may be gone after a power cut, however synced its content. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** An error of the operating system as one that tells the user what could not be done. */
export function diskError(doing: string, path: string, cause: unknown): OperatingError {
  const code = errorCode(cause);
  const why = REASONS[code] ?? (cause instanceof Error ? cause.message : "the disk says no");
  return new OperatingError("environment", `Cannot ${doing} ${path} as ${why}`, {
    facts: { path, code },
    cause,
  });
}

/** `ENOENT` and its like; empty for anything else. */
function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EEXIST: "it exists already",
  EACCES: "its permissions forbid it",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
};
