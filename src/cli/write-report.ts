import type { RunFacts } from "../analysis/analyse.ts";
import { analyse } from "../analysis/analyse.ts";
import { plainText } from "../base/plain-text.ts";
import { describeError } from "../base/errors.ts";
import type { TrialStory } from "../model/trial-story.ts";
import type { RunReport } from "../model/run-report.ts";
import type { ReportInput } from "../reporters/reporter.ts";
import { formats } from "../reporters/reporters.ts";
import { FileSampleReader } from "../store/file-sample-reader.ts";
import { readPicture } from "../store/picture-files.ts";
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

/** Judges a run from its folder alone and writes it into it, in every format that is written by default. */
export async function writeReport(folder: RunFolder, terminal: Terminal): Promise<WrittenReport> {
  const input = await inputOf(folder);
  let complete = true;
  for (const [format, { byDefault, load }] of formats) {
    if (!byDefault) continue;
    try {
      const reporter = await load();
      await writeFiles(folder.path, reporter(input));
    } catch (error) {
      complete = false;
      terminal.err(
        `${terminal.colours.yellow("warning:")} the ${format} report could not be written: ${plainText(describeError(error))}\n`,
      );
    }
  }
  return { report: input.report, complete };
}

/** All that formats are made of. */
async function inputOf(folder: RunFolder): Promise<ReportInput> {
  const stories = new Map<string, TrialStory>();
  const report = await analyse(await factsOf(folder), (trial, story) => stories.set(trial, story));
  return {
    report,
    stories,
    samples: () => new FileSampleReader(folder.samples).read(),
    picture: async (file) => await readPicture(folder.path, file),
    rasterise: async (svg) => await (await import("./rasterise.ts")).rasterise(svg),
  };
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
