import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { VerdictName } from "../../model/run-report.ts";
import type { RunFolder } from "../../store/run-folder.ts";

/** What is shown of a run's report where it is one of many. */
export interface Judgement {
  readonly verdict: VerdictName;
  /** Of the recovery, by arm, in milliseconds. */
  readonly medians: ReadonlyMap<string, number>;
}

/** As any version of this format has it: later ones have more keys. */
const judged = z.object({
  format: z.literal(1),
  run: z.string(),
  length_ms: z.number(),
  verdict: z.object({ name: z.enum(["pass", "fail", "inconclusive"]) }),
  arms: z.array(
    z.object({
      name: z.string(),
      statistics: z.array(
        z.object({
          measure: z.string(),
          values_ms: z.object({ median: z.object({ value_ms: z.number() }).nullable() }),
        }),
      ),
    }),
  ),
});

/** From report.json, where it is that of this run as far as its journal goes; null: it has to be judged anew. */
export async function judgementIn(
  folder: RunFolder,
  run: string,
  length_ms: number,
): Promise<Judgement | null> {
  const report = await reportIn(folder);
  if (report === null || report.run !== run || report.length_ms !== length_ms) return null;
  const medians = report.arms.flatMap(({ name, statistics }) => {
    const recovery = statistics.find(({ measure }) => measure === "recovery");
    const median = recovery?.values_ms.median ?? null;
    return median === null ? [] : [[name, median.value_ms] as const];
  });
  return { verdict: report.verdict.name, medians: new Map(medians) };
}

async function reportIn(folder: RunFolder): Promise<z.infer<typeof judged> | null> {
  try {
    return judged.parse(JSON.parse(await readFile(join(folder.path, "report.json"), "utf8")));
  } catch {
    // Not there, of another format, or half a file: all of it can be made again.
    return null;
  }
}
