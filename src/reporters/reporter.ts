import type { RunReport } from "../model/run-report.ts";

/** From what a run means to files. Pure: the same report gives the same bytes. */
export type Reporter = (report: RunReport) => readonly ReportFile[];

interface ReportFile {
  /** A bare file name inside the run's folder. */
  readonly path: string;
  readonly content: string;
}
