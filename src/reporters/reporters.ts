import { reportHtml } from "./html/report-html.ts";
import { junitXml } from "./junit-xml.ts";
import { reportJson } from "./report-json.ts";
import { reportMarkdown } from "./report-markdown.ts";
import type { Reporter } from "./reporter.ts";
import { trialsCsv } from "./trials-csv.ts";

/** Every format that a run is written in, by name. The raw facts come first: the others may be made again from them. */
export const reporters: ReadonlyMap<string, Reporter> = new Map([
  ["json", reportJson],
  ["csv", trialsCsv],
  ["markdown", reportMarkdown],
  ["junit", junitXml],
  ["html", reportHtml],
]);
