import { phases } from "../model/experiment.ts";
import type { ArmReport, RunReport, VerdictName } from "../model/run-report.ts";
import type { Figures } from "./arm-figures.ts";
import { figuresOf, referenceFigures } from "./arm-figures.ts";
import { armRemarks } from "./arm-remarks.ts";
import { caveats } from "./caveats.ts";
import { contrastSentence } from "./contrast-words.ts";
import { NONE } from "./format.ts";
import { headline } from "./headline.ts";
import { whereTimeGoes } from "./owners.ts";
import { plainText } from "../base/plain-text.ts";
import type { TextColumn } from "./text-table.ts";
import { textTable, wrap } from "./text-table.ts";
import { otherOutcomes, verdictWord } from "./words.ts";

type Paint = (text: string) => string;

interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

export interface TableOptions {
  readonly colours: Colours;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The end of a run on a terminal: the answer, the arms, the phases, the rules, and what speaks against it. */
export function renderTable(report: RunReport, options: TableOptions): string {
  const { colours, width } = options;
  const arms = report.arms.map(cleaned);
  const blocks: readonly (readonly string[])[] = [
    [
      colours.bold(cut(plainText(report.experiment.title), width)),
      ...verdictLines(report, options),
    ],
    armBlock(arms, options),
    textTable(phaseColumns(arms), { width, paintTitle: colours.dim }),
    timeLines(report, width),
    ruleLines(report, options),
    contrastLines(report, options),
    report.comparisons.flatMap(({ text }) => wrap(plainText(text), width)),
    caveats(report).flatMap((each) =>
      wrap(`! ${each}`, width, "  ").map((line) => colours.yellow(line)),
    ),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function verdictLines(report: RunReport, { colours, width }: TableOptions): readonly string[] {
  const word = verdictWord[report.verdict.name];
  const [first = "", ...rest] = wrap(`${word}  ${plainText(report.verdict.why)}`, width);
  const painted = colours.bold(paintOf(report.verdict.name, colours)(word));
  return [painted + first.slice(word.length), ...rest, ...wrap(plainText(headline(report)), width)];
}

const paintOf = (verdict: VerdictName, colours: Colours): Paint =>
  ({ pass: colours.green, fail: colours.red, inconclusive: colours.yellow })[verdict];

const plain: Paint = (text) => text;

/** Recovery of each arm. Seconds, but for the counts. */
function armColumns(arms: readonly ArmReport[], colours: Colours): readonly TextColumn[] {
  const recovery = (cell: (figures: Figures) => string): readonly string[] =>
    arms.map((arm) => cell(figuresOf(arm, "recovery")));
  const counts = arms.map((arm) => `${arm.outcomes.recovered}/${arm.planned}`);
  const references = arms.map(({ reference }) =>
    reference === null ? NONE : referenceFigures(reference).median,
  );
  return [
    { ...armNames(arms), title: "recovery", paint: colours.bold },
    numbers("trials", 0, counts),
    {
      ...numbers(
        "median, s",
        0,
        recovery(({ median }) => median),
      ),
      paint: colours.cyan,
    },
    numbers(
      "mean ± sd",
      3,
      recovery(({ meanWithDeviation }) => meanWithDeviation),
    ),
    numbers(
      "min .. max",
      2,
      recovery(({ min, max }) => (min === NONE ? NONE : `${min} .. ${max}`)),
    ),
    numbers(
      "p95",
      5,
      recovery(({ p95, p95Label }) => (p95Label === null ? p95 : p95 + STAR)),
    ),
    numbers(
      "95 % of median",
      4,
      recovery(({ interval }) => interval),
    ),
    { ...numbers("reference", 1, references), paint: colours.dim },
  ];
}

const numbers = (title: string, importance: number, cells: readonly string[]): TextColumn => ({
  title,
  align: "right",
  importance,
  cells,
  paint: plain,
});

const armNames = (arms: readonly ArmReport[]): TextColumn => ({
  title: "",
  align: "left",
  importance: 0,
  cells: arms.map(({ name }) => name),
  paint: plain,
});

function armBlock(arms: readonly ArmReport[], { colours, width }: TableOptions): readonly string[] {
  const table = textTable(armColumns(arms, colours), { width, paintTitle: colours.dim });
  const notes = [
    ...(table.some((line) => line.includes(STAR)) ? percentileNotes(arms) : []),
    ...arms
      .filter((arm) => otherOutcomes(arm) !== "")
      .map((arm) => `${arm.name}: also ${otherOutcomes(arm)}`),
    ...arms.flatMap(armRemarks),
  ];
  return [
    ...table,
    ...notes.flatMap((note) => wrap(note, width, "  ").map((line) => colours.dim(line))),
  ];
}

/** Marks a percentile of too few trials. */
const STAR = "*";

function percentileNotes(arms: readonly ArmReport[]): readonly string[] {
  const labels = arms.flatMap((arm) => figuresOf(arm, "recovery").p95Label ?? []);
  const distinct = [...new Set(labels)].map(plainText);
  return [`${STAR} too few trials for a percentile: ${distinct.join(", ")}`];
}

function phaseColumns(arms: readonly ArmReport[]): readonly TextColumn[] {
  return [
    { ...armNames(arms), title: "median, s" },
    ...[...phases, "outage" as const].map((measure, index) =>
      numbers(
        measure,
        index + 1,
        arms.map((arm) => figuresOf(arm, measure).median),
      ),
    ),
  ];
}

/** Of what a user sees the recovery is enough here: the files have the rest. */
const contrastLines = (report: RunReport, { width }: TableOptions): readonly string[] =>
  report.contrasts.flatMap(({ arm, against, measures: [first] }) =>
    first === undefined
      ? []
      : wrap(
          `${plainText(arm)} against ${plainText(against)}: ${contrastSentence(first)}`,
          width,
          "  ",
        ),
  );

function timeLines({ arms }: RunReport, width: number): readonly string[] {
  return arms.flatMap((arm) => {
    const sentence = whereTimeGoes(arm);
    if (sentence === null) return [];
    return wrap(`${cleaned(arm).name}: ${plainText(sentence)}`, width, "  ");
  });
}

const marks: Readonly<Record<VerdictName, string>> = { pass: "✓", fail: "✗", inconclusive: "?" };

function ruleLines(report: RunReport, { colours, width }: TableOptions): readonly string[] {
  return report.verdict.rules.flatMap(({ name, text, arm, saw }) => {
    const [first = "", ...rest] = wrap(
      `${marks[name]} ${plainText(arm)}: ${plainText(text)} — ${plainText(saw)}`,
      width,
      "  ",
    );
    return [paintOf(name, colours)(marks[name]) + first.slice(marks[name].length), ...rest];
  });
}

/** An arm's name decides the width of a column that is never dropped. */
const MAX_NAME = 24;

const cleaned = (arm: ArmReport): ArmReport => ({
  ...arm,
  name: cut(plainText(arm.name), MAX_NAME),
});

const cut = (text: string, length: number): string => {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join("")}…`;
};
