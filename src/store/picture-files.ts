import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { diskError } from "./durable.ts";

/** As they are named here; a journal that was tampered with reads no other file. */
const NAME = /^frames\/[\w-][\w.-]*\.png$/u;

/** A picture of a run's folder; null: it is not there any more. */
export async function readPicture(folder: string, file: string): Promise<Uint8Array | null> {
  if (!NAME.test(file)) return null;
  try {
    return await readFile(join(folder, file));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw diskError("read", join(folder, file), error);
  }
}
