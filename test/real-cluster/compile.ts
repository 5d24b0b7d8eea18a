import { join } from "node:path";
import { harness, repository } from "./repository.ts";
import { run } from "./run.ts";

/** The process that a cluster lives in, once it is compiled. */
export const harnessProgram = join(harness, "up.mjs");

/**
 * Compiles it, since Node 20 runs no TypeScript; types are checked elsewhere. Once, before the first cluster: who starts
 * while it is written reads half of it.
 */
export async function compileHarness(): Promise<void> {
  const compiler = join(repository, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [compiler, "-p", harness, "--noCheck"]);
}
