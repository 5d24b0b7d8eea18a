import type { RunFacts } from "../analysis/analyse.ts";
import { analyse } from "../analysis/analyse.ts";
import { plainText } from "../base/plain-text.ts";
import { describeError } from "../base/errors.ts";
import type { RunReport } from "../model/run-report.ts";
import { reporters } from "../reporters/reporters.ts";
import { FileSampleReader } from "../store/file-sample-reader.ts";
import { readPlan } from "../store/plan-file.ts";
import { readJournal } from "../store/read-journal.ts";
import type { RunFolder } from "../store/run-folder.ts";
import { writeFiles } from "../store/write-files.ts";
import type { Terminal } from "./terminal.ts";

export interface WrittenReport {
  readonly report: RunReport;
  /** A format that could not be written: the others are there, and the exit code tells. */
  readonly complete: boolean;
}

/** Judges a run from its folder alone and writes every format into it. */
export async function writeReport(folder: RunFolder, terminal: Terminal): Promise<WrittenReport> {
  const report = await reportOf(folder);
  let complete = true;
  for (const [format, reporter] of reporters) {
    try {
      const files = reporter(report).map(({ path, content }) => [path, content] as const);
      await writeFiles(folder.path, new Map(files));
    } catch (error) {
      complete = false;
      terminal.err(
        `${terminal.colours.yellow("warning:")} the ${format} report could not be written: ${plainText(describeError(error))}\n`,
      );
    }
  }
  return { report, complete };
}

/** What the run's facts mean, computed anew. */
export async function reportOf(folder: RunFolder): Promise<RunReport> {
  return await analyse(await factsOf(folder));
}

export async function factsOf(folder: RunFolder): Promise<RunFacts> {
  const [plan, journal] = await Promise.all([readPlan(folder.plan), readJournal(folder.journal)]);
  const samples = new FileSampleReader(folder.samples).read();
  return { plan, records: journal.records, samples };
}
