import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");

const cruise = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** Looks where `npm run check` does. */
const command = z
  .object({ scripts: z.object({ "check:imports": z.string() }) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).scripts["check:imports"];
const FOLDERS = command.split(" ").slice(3);

async function depcruise(
  folder: string,
  looked: readonly string[] = FOLDERS,
): Promise<z.infer<typeof cruise>> {
  const { stdout } = await run(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      join(root, ".dependency-cruiser.cjs"),
      "--output-type",
      "json",
      ...looked,
    ],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
  return cruise.parse(JSON.parse(stdout));
}

async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("/dist/"));
}

describe("the import rules", () => {
  it("see every file of the tree", async () => {
    const seen = new Set((await depcruise(root)).modules.map(({ source }) => join(root, source)));
    const folders = ["src", "test", "bench", "scripts"];
    const files = (await Promise.all(folders.map((name) => sources(join(root, name))))).flat();
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
  });

  it("catch a forbidden import, of our own and of Node's", async () => {
    const copy = await mkdtemp(join(tmpdir(), "blackout-imports-"));
    try {
      await cp(join(root, "src"), join(copy, "src"), { recursive: true });
      await cp(join(root, "tsconfig.json"), join(copy, "tsconfig.json"));
      await cp(join(root, "package.json"), join(copy, "package.json"));
      const wrong = 'import { readFile } from "node:fs";\nimport "../cli/main.ts";\n';
      await writeFile(join(copy, "src/study/wrong.ts"), `${wrong}export const use = readFile;\n`);
      await mkdir(join(copy, "scripts"));
      await writeFile(join(copy, "scripts/wrong.ts"), 'import "../src/study/run-trial.ts";\n');
      const { summary } = await depcruise(copy, ["src", "scripts"]);
      const rulesOf = (file: string): readonly string[] =>
        summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
      const rules = rulesOf("src/study/wrong.ts");
      expect(rules).toContain("the-core-does-no-io");
      expect(rules).toContain("study-imports-only-its-layer");
      expect(rules).toContain("nothing-imports-cli");
      expect(rulesOf("scripts/wrong.ts")).toContain("scripts-start-the-program");
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
