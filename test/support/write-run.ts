import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePlan } from "../../src/store/plan-file.ts";
import type { FakeRun } from "./fake-run.ts";

/** A run as its folder holds it. */
export async function writeRun(
  folder: string,
  { plan, records, samples }: Pick<FakeRun, "plan" | "records" | "samples">,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writePlan(join(folder, "plan.json"), plan);
  await writeFile(join(folder, "journal.ndjson"), lines(records));
  await writeFile(join(folder, "samples.ndjson"), lines(samples));
}

const lines = (items: readonly unknown[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join("");
