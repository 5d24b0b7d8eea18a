import { Parser } from "commonmark";
import { expect, test } from "vitest";
import { latexTable } from "../../../src/reporters/tables/latex-table.ts";
import { latexText } from "../../../src/reporters/tables/latex-text.ts";
import { markdownTable } from "../../../src/reporters/tables/markdown-table.ts";
import { recoveryRows } from "../../../src/reporters/tables/recovery-table.ts";
import { fakeReport } from "../../support/fake-report.ts";
import { textOf } from "../../support/report-input.ts";
import { emptyReport } from "../empty-report.ts";
import { hostileReport } from "../hostile-report.ts";
import { latexStructure } from "../latex-structure.ts";

test("both tables print median ± sd as the thesis does, and the thesis's own values beside it", () => {
  const report = fakeReport();
  const thesis = recoveryRows(report)[1];
  expect(thesis).toEqual(["Thesis, Proxmox VE", "10", "134.5 ± 4.35", "133.0", "145.0", "–", "–"]);
  const [, , first = ""] = textOf(markdownTable, report).split("\n");
  expect(first).toMatch(/^\| proxmox-guest \| 9 \| 1\d\d\.\d ± \d\.\d\d \| /u);
  expect(textOf(latexTable, report)).toContain(
    String.raw`  Thesis, Proxmox VE & 10 & 134.5 \ensuremath{\pm} 4.35 & 133.0 & 145.0 & `,
  );
});

test("both tables count the trials that were still down", () => {
  const row = recoveryRows(fakeReport()).find(([name]) => name === "kubernetes");
  expect([row?.[1], row?.at(-1)]).toEqual(["9", "1"]);
});

test("a parser of LaTeX sees the same rows and cells whatever the words", () => {
  const wanted = latexStructure(textOf(latexTable, fakeReport()));
  expect(wanted.match(/"&"/gu)).toHaveLength(7 * 6);
  expect(latexStructure(textOf(latexTable, hostileReport()))).toBe(wanted);
});

test("LaTeX text has no ligature, and nothing that a line's end would take for its argument", () => {
  expect(latexText("a--b ''q'' ?` !`")).toBe("a-{}-b '{}'q'{}' ?{}` !{}`");
  expect(latexText("[2em] *")).toBe("{[}2em{]} {*}");
});

const cellsOf = (row: string): readonly string[] => row.slice(2, -2).split(/(?<!\\) \| /u);

test("a parser of Markdown sees one paragraph of text in every cell, whatever the words", () => {
  const [head = "", , ...rows] = textOf(markdownTable, hostileReport()).trimEnd().split("\n");
  for (const row of rows) {
    expect(cellsOf(row)).toHaveLength(cellsOf(head).length);
    for (const cell of cellsOf(row)) {
      const kinds = new Set<string>();
      const walker = new Parser().parse(cell).walker();
      for (let step = walker.next(); step !== null; step = walker.next()) kinds.add(step.node.type);
      expect([...kinds].toSorted()).toEqual(["document", "paragraph", "text"]);
    }
  }
});

test("without a recovery there are rows without numbers", () => {
  expect(recoveryRows(emptyReport())[0]?.slice(1)).toEqual(["0", "–", "–", "–", "–", "0"]);
});
