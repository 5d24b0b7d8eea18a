import type { ChildProcess } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The run that is waited for. */
export interface AwaitedRun {
  /** Has no other run in it. */
  readonly reports: string;
  readonly process: Pick<ChildProcess, "exitCode" | "signalCode">;
}

/** A minute where the machine is idle. */
const LONGEST_MS = 300_000;

/** Waits until the run's journal tells that this trial's fault has struck; throws where the run ends before, or nothing comes of it. */
export async function untilStruck(
  { reports, process }: AwaitedRun,
  trial: string,
  longest_ms = LONGEST_MS,
): Promise<void> {
  const isTold = (line: string): boolean =>
    line.includes('"kind":"fault-confirmed"') && line.includes(`"trial":"${trial}`);
  const deadline = performance.now() + longest_ms;
  for (;;) {
    // Asked before its journal is read, which it may write to until its end.
    const end = process.exitCode ?? process.signalCode;
    if ((await journalIn(reports)).some(isTold)) return;
    if (end !== null) throw new Error(`The run ended (${end}) before trial ${trial} was struck`);
    if (performance.now() > deadline)
      throw new Error(`Trial ${trial} was not struck within ${longest_ms / 1000} s`);
    await sleep(20);
  }
}

async function journalIn(reports: string): Promise<readonly string[]> {
  const [run] = await readdir(reports).catch(() => []);
  if (run === undefined) return [];
  const text = await readFile(join(reports, run, "journal.ndjson"), "utf8").catch(() => "");
  return text.split("\n");
}
