import type { RunReport } from "../model/run-report.ts";
import type { Sample } from "../model/sample.ts";
import type { TrialStory } from "../model/trial-story.ts";

/**
 * From what a run means to files. Pure but for what it is given to read: the same run gives the same bytes, whenever and
 * wherever they are made.
 */
export type Reporter = (input: ReportInput) => Iterable<ReportFile> | AsyncIterable<ReportFile>;

export interface ReportInput {
  readonly report: RunReport;
  /** By the trial's id; of each trial of the report. */
  readonly stories: ReadonlyMap<string, TrialStory>;
  /** All samples, anew each time, in the order of their file: for formats that hold them all. */
  readonly samples: () => AsyncIterable<Sample>;
  /** The PNG that a `PictureFact` names; null: it is not there any more. */
  readonly picture: (file: string) => Promise<Uint8Array | null>;
  /** An SVG as PNG. */
  readonly rasterise: (svg: string) => Promise<Uint8Array>;
}

export interface ReportFile {
  /** `trials.csv`, or in one folder of its own, `plots/ecdf.svg`. */
  readonly path: string;
  readonly content: FileContent;
}

type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;
