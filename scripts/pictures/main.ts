import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { liveScenes } from "./live-scenes.ts";
import { reportScenes } from "./report-scenes.ts";
import type { Scene } from "./scene.ts";
import { smaller } from "./smaller.ts";
import { terminalScenes } from "./terminal-scenes.ts";

/** `npm run pictures`: makes the README's pictures anew; `npm run pictures -- terminal` only those whose names begin so. */

const FOLDER = "docs/pictures";
/** Of each: whoever clones the project has them all. */
const LARGEST_BYTES = 200_000;

const scenes: readonly Scene[] = [...reportScenes, ...liveScenes, ...terminalScenes];

const without = ["gpu", "quic", "background-networking", "component-update", "sync"];
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  // CI is root in a container, where Chromium has no sandbox.
  args: ["--no-sandbox", "--no-first-run", ...without.map((name) => `--disable-${name}`)],
});
try {
  await mkdir(FOLDER, { recursive: true });
  const [asked = ""] = process.argv.slice(2);
  for (const { name, take } of scenes.filter((scene) => scene.name.startsWith(asked))) {
    const png = await smaller(await take(browser));
    const file = join(FOLDER, `${name}.png`);
    if (png.length > LARGEST_BYTES)
      throw new Error(`${file} would have ${png.length} bytes, and may have ${LARGEST_BYTES}`);
    await writeFile(file, png);
    process.stdout.write(`${file}  ${Math.ceil(png.length / 1000)} kB\n`);
  }
} finally {
  await browser.close();
}
