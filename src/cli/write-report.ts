import type { RunFacts } from "../analysis/analyse.ts";
import { analyse } from "../analysis/analyse.ts";
import { plainText } from "../base/plain-text.ts";
import { describeError } from "../base/errors.ts";
import type { TrialStory } from "../model/trial-story.ts";
import type { RunReport } from "../model/run-report.ts";
import type { ReportFile, Reporter, ReportInput } from "../reporters/reporter.ts";
import { FileSampleReader } from "../store/file-sample-reader.ts";
import { readPicture } from "../store/picture-files.ts";
import { readPlan } from "../store/plan-file.ts";
import { readJournal } from "../store/read-journal.ts";
import type { RunFolder } from "../store/run-folder.ts";
import { writeFiles } from "../store/write-files.ts";
import type { NamedFormat } from "./formats-asked.ts";
import { formatsAsked } from "./formats-asked.ts";
import { warn } from "./say.ts";
import type { Terminal } from "./terminal.ts";

export interface WrittenReport {
  readonly report: RunReport;
  /** What it was written from, for whoever takes it elsewhere. */
  readonly input: ReportInput;
  /** What was written, below the folder that it was written into. */
  readonly files: readonly string[];
  /** False: a format could not be written. The others are there, and the exit code tells. */
  readonly complete: boolean;
}

export interface Writing {
  readonly formats: readonly NamedFormat[];
  /** The folder that they are written into. */
  readonly output: string;
}

/** Judges a run from its folder alone and writes it; unless said otherwise into that folder, as after each run. */
export async function writeReport(
  folder: RunFolder,
  terminal: Terminal,
  { formats, output }: Writing = { formats: formatsAsked([]), output: folder.path },
): Promise<WrittenReport> {
  const input = await inputOf(folder);
  const files: string[] = [];
  let complete = true;
  for (const { name, load } of formats) {
    try {
      const reporter = await load();
      await writeFiles(output, noted(reporter(input), files));
    } catch (error) {
      complete = false;
      const why = plainText(describeError(error));
      warn(terminal, `the ${name} report could not be written: ${why}`);
    }
  }
  return { report: input.report, input, files, complete };
}

/** Each is noted when the next is asked for: then it is on disk. */
async function* noted(
  files: ReturnType<Reporter>,
  written: string[],
): AsyncGenerator<ReportFile, void, undefined> {
  for await (const file of files) {
    yield file;
    written.push(file.path);
  }
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
