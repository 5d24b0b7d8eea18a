import { expect, test } from "vitest";
import type { RunReport } from "../../src/model/run-report.ts";
import { reportMarkdown } from "../../src/reporters/report-markdown.ts";
import { fakeReport } from "../support/fake-report.ts";
import { emptyReport } from "./empty-report.ts";
import { hostileReport } from "./hostile-report.ts";
import { textOf } from "../support/report-input.ts";

const write = (report: RunReport): string => textOf(reportMarkdown, report);

/** Cells as a Markdown reader sees them: a pipe with a backslash does not part. */
const cellsOf = (line: string): readonly string[] => line.split(/(?<!\\)\|/u).slice(1, -1);

const tables = (text: string): readonly (readonly string[])[] =>
  text
    .split("\n\n")
    .filter((block) => block.startsWith("|"))
    .map((block) => block.trimEnd().split("\n"));

test("report.md begins with the verdict and the answer, and warns before any table", () => {
  const text = write(fakeReport());
  expect(text).toMatch(
    /^# Failover of a desktop.*\n\n\*\*INCONCLUSIVE\*\*: .*\n\nA desktop is gone for/u,
  );
  expect(text.indexOf("speed 1 only")).toBeLessThan(text.indexOf("| arm |"));
});

test("report.md sets the reference beside the measured values, as the thesis prints them", () => {
  const text = write(fakeReport());
  expect(text).toContain("| Thesis, Proxmox VE | 10 | 134.5 ± 4.35 | 136.4 | 133.0 | 145.0 |");
  expect(text).toContain(
    "kubernetes against Thesis, Kubernetes (data/thesis-failover.csv): median shifted by +",
  );
});

test.each([
  ["an ordinary run", fakeReport()],
  ["a hostile cluster", hostileReport()],
  ["a run without a trial", emptyReport()],
])("report.md keeps every table in its columns: %s", (_, report) => {
  for (const [head = "", ...lines] of tables(write(report))) {
    for (const line of lines) expect(cellsOf(line)).toHaveLength(cellsOf(head).length);
  }
});

test("report.md lets foreign text be neither markup nor link", () => {
  const text = write(hostileReport());
  expect(text).not.toMatch(/(?<!\\)<script/u);
  expect(text).not.toMatch(/(?<!\\)`|(?<!\\)\[link|http:\/\//u);
});
