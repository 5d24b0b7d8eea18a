import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assert } from "../base/assert.ts";
import { diskError, syncFolder } from "./durable.ts";

/**
 * Writes files into a folder, each whole or not at all: under a passing name first, then renamed over an older one.
 * Names are bare file names.
 */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  for (const [name, content] of files) {
    assert(/^[\w-][\w.-]*$/.test(name), `${JSON.stringify(name)} is no bare file name`);
    await replaceFile(join(folder, name), content);
  }
  await syncFolder(folder);
}

/** Writes one file of the user's own naming, whole or not at all. */
export async function writeFile(path: string, content: string): Promise<void> {
  await replaceFile(path, content);
  await syncFolder(dirname(path));
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const passing = `${path}.part`;
  try {
    const handle = await open(passing, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(passing, path);
  } catch (error) {
    await rm(passing, { force: true });
    throw diskError("write", path, error);
  }
}
