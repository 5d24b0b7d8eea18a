import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { analyseTrial } from "../../src/analysis/analyse-trial.ts";
import { recordsByTrial } from "../../src/analysis/trial-facts.ts";
import type { LabProcess } from "../../src/cli/lab-process.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { JournalRecord } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { FileSampleReader } from "../../src/store/file-sample-reader.ts";
import { readPlan } from "../../src/store/plan-file.ts";
import { readJournal } from "../../src/store/read-journal.ts";
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

/** Runs an experiment on a running lab as a user would, and judges its folder. `onEvent` is told of the journal's events as they come. */
export async function studyOnLab(
  lab: Lab,
  experiment: string,
  onEvent: (kind: string, lab: Lab) => Promise<void> | void = () => undefined,
): Promise<StudyOnLab> {
  const folder = await mkdtemp(join(tmpdir(), "blackout-study-"));
  try {
    const file = join(folder, "experiment.yaml");
    await writeFile(file, experiment);
    const output = join(folder, "reports");
    const { finished } = startCli(["run", file, "-i", lab.inventoryPath, "-o", output]);
    const following = follow(output, (kind) => onEvent(kind, lab), finished);
    const end = await finished;
    await following;
    return { finished: end, ...(await judged(output)) };
  } finally {
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
  if (run === undefined) return { trials: [], records: [] };
  const path = join(output, run);
  const [plan, journal] = await Promise.all([
    readPlan(join(path, "plan.json")),
    readJournal(join(path, "journal.ndjson")),
  ]);
  const samples: Sample[] = [];
  for await (const sample of new FileSampleReader(join(path, "samples.ndjson")).read()) {
    samples.push(sample);
  }
  const byTrial = recordsByTrial(journal.records);
  const trials = plan.trials.map((trial) =>
    analyseTrial(
      trial,
      byTrial.get(trial.id) ?? [],
      samples.filter((sample) => sample.trial === trial.id),
    ),
  );
  return { trials, records: journal.records };
}

const eventLine = z.object({ event: z.looseObject({ kind: z.string() }) });

/** Tells the journal's events to a test while they are written. */
async function follow(
  output: string,
  onEvent: (kind: string) => Promise<void> | void,
  finished: Promise<Finished>,
): Promise<void> {
  const state = { running: true, told: 0 };
  void finished.then(() => (state.running = false));
  while (state.running) {
    const lines = await journalLines(output);
    for (const line of lines.slice(state.told)) {
      await onEvent(eventLine.parse(JSON.parse(line)).event.kind);
    }
    state.told = Math.max(state.told, lines.length);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

async function journalLines(output: string): Promise<readonly string[]> {
  const [run] = await readdir(output).catch(() => []);
  if (run === undefined) return [];
  const text = await readFile(join(output, run, "journal.ndjson"), "utf8").catch(() => "");
  return text.split("\n").slice(0, -1);
}
