import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { OperatingError } from "../../src/base/errors.ts";
import type { Results } from "./results.ts";
import { results } from "./results.ts";

/** What is on file before the first measurement. */
export const nothing: Results = { version: 2, accuracy: null, peers: null, cost: null, twin: null };

export async function readResults(path: string): Promise<Results> {
  try {
    return results.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const message = `Cannot read ${path} as results of this version of the bench; name another file by --out`;
    throw new OperatingError("configuration", message, { cause });
  }
}

/** What parts that are measured alone are put into. */
export const readEarlier = async (path: string): Promise<Results> =>
  existsSync(path) ? await readResults(path) : nothing;

/** Parts that were not measured now stay as they were. */
export async function writeResults(path: string, earlier: Results, now: Results): Promise<void> {
  const all: Results = {
    version: 2,
    accuracy: now.accuracy ?? earlier.accuracy,
    peers: now.peers ?? earlier.peers,
    cost: now.cost ?? earlier.cost,
    twin: now.twin ?? earlier.twin,
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(all)}\n`);
}
