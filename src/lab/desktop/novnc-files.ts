import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Scripts of the @novnc/novnc package that a page may ask for; its names hold nothing else. */
const SCRIPT = /^\/(?:core|vendor)(?:\/[a-z0-9_-]+)+\.js$/;

/** The text of `/core/...js` or `/vendor/...js`; null when noVNC has no such file. */
export async function novncScript(path: string): Promise<string | null> {
  if (!SCRIPT.test(path)) return null;
  try {
    return await readFile(join(packageDirectory(), path), "utf8");
  } catch {
    return null;
  }
}

/** The package exports `core/rfb.js` only, so its folder is one above that file's. */
const packageDirectory = (): string =>
  join(dirname(createRequire(import.meta.url).resolve("@novnc/novnc")), "..");
