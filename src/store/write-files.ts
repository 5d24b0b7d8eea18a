import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assert } from "../base/assert.ts";
import { diskError, makeFolder, syncFolder } from "./durable.ts";

type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Writes files into a folder, each whole or not at all: under a passing name first, then renamed over an older one.
 * Names are bare file names, or one in a folder below, which is made.
 */
export async function writeFiles(
  folder: string,
  files: Iterable<NewFile> | AsyncIterable<NewFile>,
): Promise<void> {
  const folders = new Set([folder]);
  for await (const { path, content } of files) {
    assert(NAME.test(path), `${JSON.stringify(path)} is no bare file name`);
    const whole = join(folder, path);
    if (!folders.has(dirname(whole))) await makeFolder(dirname(whole));
    folders.add(dirname(whole));
    await replaceFile(whole, content);
  }
  for (const each of folders) await syncFolder(each);
}

interface NewFile {
  readonly path: string;
  readonly content: Content;
}

const NAME = /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/u;

/** Writes one file of the user's own naming, whole or not at all. */
export async function writeFile(path: string, content: string): Promise<void> {
  await replaceFile(path, content);
  await syncFolder(dirname(path));
}

async function writeInto(handle: FileHandle, content: Content): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) {
    await handle.writeFile(content);
    return;
  }
  for await (const part of content) await handle.appendFile(part);
}

async function replaceFile(path: string, content: Content): Promise<void> {
  const passing = `${path}.part`;
  try {
    const handle = await open(passing, "w");
    try {
      await writeInto(handle, content);
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
