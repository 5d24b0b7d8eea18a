import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STAMP = "dist/.built";
const SOURCES = ["src", "tsconfig.json", "tsconfig.build.json", "package-lock.json"];
/** As `npm run build`: the page for browsers, and everything else. */
const PROJECTS = ["src/ui", "tsconfig.build.json"];

/**
 * Compiles once before the tests, since those of the command line and of the lab start the built program. What has not
 * changed since is not compiled again.
 */
export default function setup(): void {
  const began = new Date();
  if (existsSync(STAMP) && SOURCES.every((path) => newest(path) < statSync(STAMP).mtimeMs)) return;
  for (const project of PROJECTS) {
    execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], {
      stdio: "inherit",
    });
  }
  writeFileSync(STAMP, "");
  // What is changed while it compiles counts as newer.
  utimesSync(STAMP, began, began);
}

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
