import * as fc from "fast-check";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { RunReport } from "../../src/model/run-report.ts";
import { renderTable } from "../../src/reporters/terminal-table.ts";
import { allReporters, textOf } from "../support/report-input.ts";
import { hostile } from "../support/fake-report.ts";
import { hostileReport } from "./hostile-report.ts";
import type { Element } from "./strict-markup.ts";
import { parseStrictly } from "./strict-markup.ts";

const SEED = 20;

/** What means something to one format or another, at its beginning, in its middle, or after what was cut. */
const bits = fc.constantFrom(
  hostile,
  ..."< > & \" ' ` * _ ~ # | \\ [ ] ( ) ! @ $ { } = + - : ; , % ^ /".split(" "),
  "<script>alert(1)</script>",
  '" onload="alert(1)',
  "</style></title></svg>",
  "<!-- --> <![CDATA[ ]]> <?xml ?> &lt; &#60;",
  "\n\n---\n- list\n# head\n1. one\n===\n    code\n```\n",
  "| a | b |\n| - | - |",
  "![x](http://evil/x.png) <http://evil> http://evil www.evil.example a@evil.example",
  "{{ 1 }} {% x %} $(id) `id`",
  '=cmd|"/c calc"!A0',
  "@SUM(1)",
  "+1",
  "-1",
  "\t=1",
  "\r=1",
  ",\n",
  '""',
  "\u001b[2J\u001b]0;t\u0007",
  "\u0000\u0008\u000b\ufffe\uffff\ud800\udc00\ud800",
  "\u0085\u2028\u2029\u202e\u2066\u200b\u009b31m",
  "\ufeff",
);
const foreign = fc
  .array(fc.oneof(bits, fc.string({ unit: "binary", maxLength: 8 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const places = fc.constantFrom("before", "behind", "around");

/** Texts that must differ still do. */
const spoiltWith = (hostileText: string, place: string) => (text: string) =>
  `${place === "behind" ? "" : hostileText}${text}${place === "before" ? "" : hostileText}`;

/** A report in one format, which never steers a terminal that it is shown on. */
function written(format: string, report: RunReport): string {
  const content = textOf(present(allReporters.get(format), format), report);
  expect(content).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
  return content;
}

/** Trials of every kind of outcome, and no more than that needs. */
const few = (report: RunReport): RunReport => ({
  ...report,
  trials: report.trials.filter(
    ({ repetition, outcome }) => repetition === 1 || outcome.kind !== "recovered",
  ),
});

function holds(check: (report: RunReport) => void): void {
  fc.assert(
    fc.property(foreign, places, (text, place) => {
      check(few(hostileReport(spoiltWith(text, place))));
    }),
    { seed: SEED, numRuns: 25 },
  );
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

/** The same report with harmless text: as many lines, rows and elements as a hostile one must have. */
const harmless = few(hostileReport((text) => `x${text}`));

describe("of a report in which every text is hostile", () => {
  it("the HTML has no other element or attribute than of any report, and nothing unescaped", () => {
    const wanted = skeleton(asHtml(harmless));
    holds((report) => expect(skeleton(asHtml(report))).toEqual(wanted));
  });

  it("the JUnit file is well-formed XML of the same elements", () => {
    const wanted = skeleton(asXml(harmless));
    holds((report) => expect(skeleton(asXml(report))).toEqual(wanted));
  });

  it("the CSV has a line per trial and no cell that a spreadsheet would compute", () => {
    holds((report) => {
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

  it("the Markdown has the same lines, the same cells, and no markup but ours", () => {
    const wanted = shape(harmless);
    holds((report) => expect(shape(report)).toEqual(wanted));
  });

  it("the JSON is the report itself, and shows nothing to a terminal", () => {
    holds((report) => {
      const text = written("json", report);
      expect(JSON.parse(text)).toEqual(report);
    });
  });

  it("the terminal's table steers nothing", () => {
    holds((report) => {
      const text = renderTable(report, { colours: createColors(false), width: 120 });
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    });
  });
});

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
