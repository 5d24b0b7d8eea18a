import { tableFromIPC } from "apache-arrow";
import { parse as parseCsv } from "csv-parse/sync";
import * as fc from "fast-check";
import { readParquet } from "parquet-wasm";
import parseMetrics from "parse-prometheus-text-format";
import { createColors } from "picocolors";
import { describe, expect, it, test } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { ReportInput } from "../../src/reporters/reporter.ts";
import { renderTable } from "../../src/reporters/terminal-table.ts";
import { fakeReport } from "../support/fake-report.ts";
import { streamed } from "../support/fake-run.ts";
import { allReporters, filesOf, inputFor, textOf } from "../support/report-input.ts";
import { throughProtobuf, withoutEmpty } from "./formats/otlp-schema.ts";
import { SEED, foreign, harmless, holds } from "./hostile-words.ts";
import { latexStructure } from "./latex-structure.ts";
import type { Element } from "./strict-markup.ts";
import { parseStrictly } from "./strict-markup.ts";

/** A report in one format, which never steers a terminal that it is shown on. */
function written(format: string, report: RunReport): string {
  const content = textOf(present(allReporters.get(format), format), report);
  expect(content).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  return content;
}

/** Elements and attributes, without their texts: where foreign text stays text, it is the same for any. */
const skeleton = ({ name, attributes, children }: Element): unknown => [
  name,
  [...attributes.keys()],
  children.map(skeleton),
];

const asHtml = (report: RunReport): Element =>
  parseStrictly(written("html", report).replace("<!doctype html>\n", "").trimEnd(), ["meta", "br"]);
const asXml = (report: RunReport): Element => parseStrictly(written("junit", report).trimEnd());

const shape = (report: RunReport): readonly string[] =>
  written("markdown", report).split("\n").map(markupOf);

describe("of a report in which every text is hostile", () => {
  it("the HTML has no other element or attribute than of any report, and nothing unescaped", async () => {
    const wanted = skeleton(asHtml(harmless));
    await holds((report) => expect(skeleton(asHtml(report))).toEqual(wanted));
  });

  it("the JUnit file is well-formed XML of the same elements", async () => {
    const wanted = skeleton(asXml(harmless));
    await holds((report) => expect(skeleton(asXml(report))).toEqual(wanted));
  });

  it("the CSV has a line per trial and no cell that a spreadsheet would compute", async () => {
    await holds((report) => {
      const lines = written("csv", report).trimEnd().split("\n");
      expect(lines).toHaveLength(1 + harmless.trials.length);
      for (const line of lines) {
        for (const [, quoted, bare = ""] of line.matchAll(
          /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gu,
        )) {
          const cell = quoted?.replaceAll('""', '"') ?? bare;
          expect(/^-?\d+(?:\.\d+)?$/u.test(cell) ? "" : cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/u);
        }
      }
    });
  });

  it("the Markdown has the same lines, the same cells, and no markup but ours", async () => {
    const wanted = shape(harmless);
    await holds((report) => expect(shape(report)).toEqual(wanted));
  });

  it("the JSON is the report itself, and shows nothing to a terminal", async () => {
    await holds((report) => {
      const text = written("json", report);
      expect(JSON.parse(text)).toEqual(report);
    });
  });

  it("the terminal's table steers nothing", async () => {
    await holds((report) => {
      const text = renderTable(report, { colours: createColors(false), width: 120 });
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    });
  });
});

/** All files of a format as text, none of which steers a terminal. */
async function allWritten(format: string, input: ReportInput): Promise<readonly string[]> {
  const files = await filesOf(present(allReporters.get(format), format), input);
  const texts = files.map(({ bytes }) => bytes.toString());
  for (const text of texts) expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  return texts;
}

const tableShape = (report: RunReport): readonly string[] =>
  written("markdown-table", report).split("\n").map(markupOf);

async function scriptShape(report: RunReport): Promise<unknown> {
  const [table = "", script = ""] = await allWritten("gnuplot", inputFor(report));
  const [header, ...rows] = table.split("\n");
  expect(header).toMatch(/^trial(?:,\w+_s){3}$/u);
  return [rows, script.replaceAll(/'(?:[^'\n]|'')*'/gu, "''")];
}

async function metricShape(report: RunReport): Promise<unknown> {
  const [text = ""] = await allWritten("prometheus", inputFor(report));
  return parseMetrics(text).map(({ name, metrics }) => [
    name,
    metrics.map(({ labels, value }) => [Object.keys(labels ?? {}), value]),
  ]);
}

describe("of a report in which every text is hostile, what other tools read", () => {
  it("as LaTeX has the same commands and cells", async () => {
    const wanted = latexStructure(written("latex", harmless));
    await holds((report) => expect(latexStructure(written("latex", report))).toBe(wanted));
  });

  it("as a Markdown table has the same lines and cells, and no markup but ours", async () => {
    const wanted = tableShape(harmless);
    await holds((report) => expect(tableShape(report)).toEqual(wanted));
  });

  it("as gnuplot's script has the same commands, and its table the same cells", async () => {
    const wanted = await scriptShape(harmless);
    await holds(async (report) => expect(await scriptShape(report)).toEqual(wanted));
  });

  it("as metrics has the same samples, each foreign word in its label", async () => {
    const wanted = await metricShape(harmless);
    await holds(async (report) => expect(await metricShape(report)).toEqual(wanted));
  });

  it("as traces has a line for each trial, which OpenTelemetry's schema understands", async () => {
    await holds(async (report) => {
      const { origin_wall } = fakeReport();
      const [text = ""] = await allWritten("otlp", inputFor({ ...report, origin_wall }));
      const lines = text.trimEnd().split("\n");
      // Of the void one nobody knows when it was.
      expect(lines).toHaveLength(report.trials.length - 1);
      for (const line of lines) {
        const traces: unknown = JSON.parse(line);
        expect(throughProtobuf(traces)).toEqual(withoutEmpty(traces));
      }
    });
  });

  it("as Parquet has the same rows, each cell one plain line", async () => {
    await holds(async (report) => {
      const [file] = await filesOf(
        present(allReporters.get("parquet"), "parquet"),
        inputFor(report),
      );
      const table = tableFromIPC(readParquet(file?.bytes ?? new Uint8Array()).intoIPCStream());
      const rows = table.toArray().map((row) => Object.values<unknown>(row.toJSON()));
      expect(rows).toHaveLength(report.trials.length);
      for (const cell of rows.flat().filter((each) => typeof each === "string")) {
        expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }
    });
  });
});

test("samples.csv of hostile answers has a line for each attempt, and nothing that a spreadsheet would compute", async () => {
  await fc.assert(
    fc.asyncProperty(foreign, async (words) => {
      const samples: readonly Sample[] = [
        { kind: "good", instance: words } as const,
        { kind: "bad", reached: null, failure: { kind: "no-way-in", detail: words } } as const,
        { kind: "unobserved", why: "prober-error", detail: words } as const,
      ].map((result) => ({ ...anySample, trial: words, result }));
      const input = inputFor(fakeReport(), { samples: () => streamed(samples) });
      const [text = ""] = await allWritten("samples-csv", input);
      const rows = parseCsv(text);
      expect(rows).toHaveLength(1 + samples.length);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/u);
    }),
    { seed: SEED, numRuns: 50 },
  );
});

const anySample = {
  seq: 1,
  target: "desktop",
  scheduled_ms: 0,
  started_ms: 1,
  ended_ms: 2,
} as const;

/**
 * What of a line means something to Markdown: characters that are not escaped, the beginning of a block, and what becomes a
 * link by itself. Text is left out.
 */
function markupOf(line: string): string {
  const unescaped = line.replaceAll(/\\[!-/:-@[-`{-~]/gu, "x");
  const block = /^(?: {4}|\t|[-+](?=[-+\s]|$)|[*>=#]|\d+[.)](?=\s|$))/u.exec(unescaped)?.[0] ?? "";
  const marks = unescaped.replaceAll(/[^`*_~#|[\]<>&@${}]/gu, "");
  const links = unescaped.match(/:\/\/|www\.|mailto:/giu)?.join("") ?? "";
  return `${block}${marks}${links}`;
}
