import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { sampleColumns } from "../../../src/reporters/columns/sample-columns.ts";
import { trialColumns } from "../../../src/reporters/columns/trial-columns.ts";
import { metrics } from "../../../src/reporters/prometheus.ts";
import { formats } from "../../../src/reporters/reporters.ts";
import { fieldsNow } from "./fields.ts";
import recorded from "./fields.json" with { type: "json" };

const now = await fieldsNow();

test.each(Object.entries(recorded))(
  "no field of %s has gone: people's scripts rely on them",
  (file, fields) => {
    const gone = fields.filter((field) => now[file]?.includes(field) !== true);
    expect(gone).toEqual([]);
  },
);

test.each(Object.entries(now))(
  "every field of %s is on record in fields.json, and stays from then on",
  (file, fields) => {
    const known: readonly string[] = new Map(Object.entries(recorded)).get(file) ?? [];
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
  },
);

const docs = await readFile(join(import.meta.dirname, "../../../docs/formats.md"), "utf8");

/** The rows of the tables below that heading, cell by cell under their column's name, without the marks of code. */
function documented(heading: string): readonly Readonly<Record<string, string>>[] {
  const [, section = ""] = docs.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const tables = own.split("\n\n").filter((block) => block.trimStart().startsWith("|"));
  return tables.flatMap((block) => {
    const [head = [], , ...rows] = block
      .trim()
      .split("\n")
      .map((line) =>
        line
          .split(/(?<!\\)\|/u)
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll("\\|", "|")),
      );
    return rows.map((row) =>
      Object.fromEntries(head.map((name, index) => [name, (row[index] ?? "").replaceAll("`", "")])),
    );
  });
}

const names = (heading: string): readonly string[] =>
  documented(heading).map(({ field = "" }) => field);

describe("docs/formats.md", () => {
  it.each([
    ["trials.csv, trials.parquet", trialColumns],
    ["samples.csv, samples.parquet", sampleColumns],
  ])("describes the columns of %s as they are", (heading, columns) => {
    expect(documented(heading)).toEqual(
      columns.map(({ name, type, unit, meaning }) => ({ field: name, type, unit, meaning })),
    );
  });

  it("describes every metric, with its labels, as metrics.prom does", () => {
    expect(documented("metrics.prom")).toEqual(
      Object.entries(metrics).map(([name, { labels, help }]) => ({
        field: name,
        labels: labels.join(", "),
        unit: name.endsWith("_seconds") ? "s" : "",
        meaning: help,
      })),
    );
  });

  it.each(["junit.xml", "traces.jsonl", "recovery-by-trial.csv"])(
    "describes every field of %s, and no other",
    (file) => {
      expect(
        names(`${file}${file === "recovery-by-trial.csv" ? ", recovery.gp" : ""}`).toSorted(),
      ).toEqual(now[file]);
    },
  );

  it("describes every column of the table for papers", () => {
    expect(names("recovery.tex, recovery.md").toSorted()).toEqual(now["recovery.md"]);
  });

  it("describes what report.json holds of the run, of each arm and of each trial", () => {
    const wanted = now["report.json"]?.filter((field) =>
      /^(?:(?:arms|trials)\[\]\.)?\w+$/u.test(field),
    );
    expect(names("report.json").toSorted()).toEqual(wanted);
  });

  it("gives each field a meaning", () => {
    for (const heading of docs.matchAll(/^## (.+)$/gmu)) {
      for (const { field, meaning } of documented(heading[1] ?? "")) {
        expect({ field, meaning }).not.toEqual({ field, meaning: "" });
      }
    }
  });

  it("names every format", () => {
    expect(names("The formats")).toEqual(expect.arrayContaining([...formats.keys()]));
  });
});
