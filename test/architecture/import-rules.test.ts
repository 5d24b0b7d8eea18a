import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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

async function depcruise(folder: string): Promise<z.infer<typeof cruise>> {
  const { stdout } = await run(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      "--config",
      join(root, ".dependency-cruiser.cjs"),
      "--output-type",
      "json",
      "src",
    ],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  return cruise.parse(JSON.parse(stdout));
}

async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("the import rules", () => {
  it("see every file of the tree", async () => {
    const seen = new Set((await depcruise(root)).modules.map(({ source }) => join(root, source)));
    const files = await sources(join(root, "src"));
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
      const { summary } = await depcruise(copy).catch((error: unknown) =>
        cruise.parse(JSON.parse(z.object({ stdout: z.string() }).parse(error).stdout)),
      );
      const rules = summary.violations
        .filter(({ from }) => from === "src/study/wrong.ts")
        .map(({ rule }) => rule.name);
      expect(rules).toContain("the-core-does-no-io");
      expect(rules).toContain("study-imports-only-its-layer");
      expect(rules).toContain("nothing-imports-cli");
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
