import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until the journal of the only run below `reports` tells that this trial's fault has struck. */
export async function untilStruck(reports: string, trial: string): Promise<void> {
  const isTold = (line: string): boolean =>
    line.includes('"kind":"fault-confirmed"') && line.includes(`"trial":"${trial}`);
  while (!(await journalIn(reports)).some(isTold)) await sleep(20);
}

async function journalIn(reports: string): Promise<readonly string[]> {
  const [run] = await readdir(reports).catch(() => []);
  if (run === undefined) return [];
  const text = await readFile(join(reports, run, "journal.ndjson"), "utf8").catch(() => "");
  return text.split("\n");
}
