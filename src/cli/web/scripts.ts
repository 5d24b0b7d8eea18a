import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { novncScript } from "../../lab/desktop/novnc-files.ts";

/** Where compiled modules are: this file is one. */
const compiled = resolve(import.meta.dirname, "../..");

/** Of our own: the page, and what it shares with the terminal. */
const OWN = /^\/(?:ui|live|analysis|model|base)(?:\/[a-z0-9-]+)+\.js$/;

const packages = {
  preact: { url: "/preact/preact.mjs", file: "preact" },
  "preact/hooks": { url: "/preact/hooks.mjs", file: "preact/hooks" },
  "preact/jsx-runtime": { url: "/preact/jsx-runtime.mjs", file: "preact/jsx-runtime" },
} as const;

/** Where a browser finds what the modules import by name. */
export const importMap = {
  imports: {
    ...Object.fromEntries(Object.entries(packages).map(([name, { url }]) => [name, url])),
    "@novnc/novnc": "/novnc/core/rfb.js",
    "@novnc/novnc/core/util/logging.js": "/novnc/core/util/logging.js",
  },
};

/** The module at a path of the page's server; null: there is none. A path is matched as a whole, never followed. */
export async function scriptAt(path: string): Promise<string | null> {
  if (path.startsWith("/novnc/")) return await novncScript(path.slice("/novnc".length));
  const found = Object.values(packages).find(({ url }) => url === path);
  if (found !== undefined) {
    return await readFile(createRequire(import.meta.url).resolve(found.file), "utf8");
  }
  if (!OWN.test(path)) return null;
  return await readFile(join(compiled, path), "utf8").catch(() => null);
}
