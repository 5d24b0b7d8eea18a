import * as fc from "fast-check";
import type { RunReport } from "../../src/model/run-report.ts";
import { hostile } from "../support/fake-report.ts";
import { hostileReport } from "./hostile-report.ts";

export const SEED = 20;

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
export const foreign = fc
  .array(fc.oneof(bits, fc.string({ unit: "binary", maxLength: 8 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const places = fc.constantFrom("before", "behind", "around");

/** Texts that must differ still do. */
const spoiltWith = (hostileText: string, place: string) => (text: string) =>
  `${place === "behind" ? "" : hostileText}${text}${place === "before" ? "" : hostileText}`;

/** Trials of every kind of outcome, and no more than that needs. */
const few = (report: RunReport): RunReport => ({
  ...report,
  trials: report.trials.filter(
    ({ repetition, outcome }) => repetition === 1 || outcome.kind !== "recovered",
  ),
});

/** The same report with harmless text: as many lines, rows and elements as a hostile one must have. */
export const harmless = few(hostileReport((text) => `x${text}`));

/** Of a report in which every text is hostile, over and over. */
export async function holds(check: (report: RunReport) => Promise<void> | void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(foreign, places, async (text, place) => {
      await check(few(hostileReport(spoiltWith(text, place))));
    }),
    { seed: SEED, numRuns: 25 },
  );
}
