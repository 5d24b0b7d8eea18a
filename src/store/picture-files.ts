import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Room } from "../base/thumbnail.ts";
import { thumbnail } from "../base/thumbnail.ts";
import type { PictureSink } from "../contracts/viewing.ts";
import { diskError } from "./durable.ts";
import { writeFiles } from "./write-files.ts";

/** For a person who wants to read what stands on the screen. */
const PICTURE: Room = { side: 800, colours: 64, bytes: 100_000 };
/** For a page with hundreds of them. */
const THUMBNAIL: Room = { side: 160, colours: 32, bytes: 3000 };

/** Keeps pictures below a run's folder: `frames/<trial>-before.png`, and beside it `...-before-small.png`. */
export const pictureFiles = (folder: string): PictureSink => ({
  keep: async ({ trial, when }, picture) => {
    const file = `frames/${trial}-${when}.png`;
    const small = `frames/${trial}-${when}-small.png`;
    await writeFiles(folder, [
      { path: file, content: await thumbnail(picture, PICTURE) },
      { path: small, content: await thumbnail(picture, THUMBNAIL) },
    ]);
    return { file, thumbnail: small };
  },
});

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
