import type { ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LabProcess } from "../../src/cli/lab-process.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { JournalEvent, JournalRecord } from "../../src/model/journal.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { readJournal } from "../../src/store/read-journal.ts";
import { judgedRun } from "./judged-run.ts";
import type { Finished } from "./run-cli.ts";
import { startCli } from "./run-cli.ts";

const truthLine = z.looseObject({ at_ms: z.number(), cluster: z.string(), kind: z.string() });
/** What the twin knows, with exact instants on the clock of the run. */
export type Truth = z.infer<typeof truthLine>;

export interface StudyOnLab {
  readonly finished: Finished;
  readonly trials: readonly TrialResult[];
  readonly records: readonly JournalRecord[];
}

export type Lab = LabProcess & { readonly inventory: Inventory };

/** A hung tool is ended, so that a test says what it wrote instead of timing out silently. Real time. */
const LONGEST_STUDY_MS = 60_000;

/**
 * Runs an experiment on a running lab as a user would, and judges its folder. `onEvent` is told of the journal's events
 * as they come, with the tool's process, so that it can break a part of the lab or stop the tool at a chosen moment.
 */
export async function studyOnLab(
  lab: Lab,
  experiment: string,
  onEvent: (event: JournalEvent, tool: ChildProcess) => Promise<void> | void = () => undefined,
  longest_ms = LONGEST_STUDY_MS,
): Promise<StudyOnLab> {
  const folder = await mkdtemp(join(tmpdir(), "blackout-study-"));
  const file = join(folder, "experiment.yaml");
  await writeFile(file, experiment);
  const output = join(folder, "reports");
  const { child, finished } = startCli(["run", file, "-i", lab.inventoryPath, "-o", output]);
  const limit = setTimeout(() => child.kill("SIGKILL"), longest_ms);
  try {
    const following = follow(output, (event) => onEvent(event, child), finished);
    const [end] = await Promise.all([finished, following]);
    return { finished: end, ...(await judged(output)) };
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

export async function truthOf(lab: LabProcess): Promise<readonly Truth[]> {
  const text = await readFile(join(dirname(lab.inventoryPath), "truth.ndjson"), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => truthLine.parse(JSON.parse(line)));
}

async function judged(output: string): Promise<Omit<StudyOnLab, "finished">> {
  const [run] = await readdir(output).catch(() => []);
  return run === undefined ? { trials: [], records: [] } : await judgedRun(join(output, run));
}

/** Tells the journal's events to a test while they are written; a torn last line is read again when it is whole. */
async function follow(
  output: string,
  onEvent: (event: JournalEvent) => Promise<void> | void,
  finished: Promise<Finished>,
): Promise<void> {
  const state = { running: true, told: 0 };
  void finished.then(() => (state.running = false));
  while (state.running) {
    const records = await journalSoFar(output);
    for (const { event } of records.slice(state.told)) await onEvent(event);
    state.told = Math.max(state.told, records.length);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

async function journalSoFar(output: string): Promise<readonly JournalRecord[]> {
  const [run] = await readdir(output).catch(() => []);
  if (run === undefined) return [];
  const journal = await readJournal(join(output, run, "journal.ndjson")).catch(() => null);
  return journal?.records ?? [];
}
