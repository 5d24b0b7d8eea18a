import type { Reporter } from "./reporter.ts";

export interface Format {
  /** What for, in a few words. */
  readonly about: string;
  /** Written after each run; the others are asked for by name. */
  readonly byDefault: boolean;
  /** Loaded when it is wanted: some bring large libraries. */
  readonly load: () => Promise<Reporter>;
}

/** Every format that a run is written in, by name. The raw facts come first: the others may be made again from them. */
export const formats: ReadonlyMap<string, Format> = new Map([
  [
    "json",
    {
      about: "everything that the run's facts mean: report.json",
      byDefault: true,
      load: async () => (await import("./report-json.ts")).reportJson,
    },
  ],
  [
    "csv",
    {
      about: "a row for each trial: trials.csv",
      byDefault: true,
      load: async () => (await import("./trials-csv.ts")).trialsCsv,
    },
  ],
  [
    "markdown",
    {
      about: "for a wiki or a pull request: report.md",
      byDefault: true,
      load: async () => (await import("./report-markdown.ts")).reportMarkdown,
    },
  ],
  [
    "junit",
    {
      about: "for CI: junit.xml",
      byDefault: true,
      load: async () => (await import("./junit/junit-xml.ts")).junitXml,
    },
  ],
  [
    "html",
    {
      about: "a page for people, with no need of a network: report.html",
      byDefault: true,
      load: async () => (await import("./html/report-html.ts")).reportHtml,
    },
  ],
  [
    "prometheus",
    {
      about: "gauges for node_exporter's textfile collector: metrics.prom",
      byDefault: true,
      load: async () => (await import("./prometheus.ts")).prometheus,
    },
  ],
  [
    "samples-csv",
    {
      about: "a row for each attempt: samples.csv",
      byDefault: false,
      load: async () => (await import("./samples-csv.ts")).samplesCsv,
    },
  ],
  [
    "parquet",
    {
      about: "both tables, typed: trials.parquet, samples.parquet",
      byDefault: false,
      load: async () => (await import("./parquet.ts")).parquet,
    },
  ],
  [
    "gnuplot",
    {
      about: "a column for each arm, and what draws it: recovery-by-trial.csv, recovery.gp",
      byDefault: false,
      load: async () => (await import("./gnuplot.ts")).gnuplot,
    },
  ],
  [
    "latex",
    {
      about: "median ± sd of each arm for a paper: recovery.tex",
      byDefault: false,
      load: async () => (await import("./tables/latex-table.ts")).latexTable,
    },
  ],
  [
    "markdown-table",
    {
      about: "the same table for a text: recovery.md",
      byDefault: false,
      load: async () => (await import("./tables/markdown-table.ts")).markdownTable,
    },
  ],
  [
    "otlp",
    {
      about: "a trace for each trial, as OpenTelemetry's JSON lines: traces.jsonl",
      byDefault: false,
      load: async () => (await import("./otlp/otlp-json.ts")).otlpJson,
    },
  ],
  [
    "plots",
    {
      about: "the page's drawings for papers: plots/*.svg and plots/*.png",
      byDefault: true,
      load: async () => (await import("./plots/report-plots.ts")).reportPlots,
    },
  ],
]);
