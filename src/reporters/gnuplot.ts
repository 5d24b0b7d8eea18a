import { plainText } from "../base/plain-text.ts";
import { middleMs } from "../base/interval.ts";
import type { ArmReport, RunReport } from "../model/run-report.ts";
import { csvText } from "./csv-text.ts";
import type { Reporter } from "./reporter.ts";

/**
 * The recoveries as the thesis prints them: a row for each repetition, a column for each arm, an empty cell where it did not
 * recover; and what draws them: `gnuplot recovery.gp`.
 */
export const gnuplot: Reporter = ({ report }) => [
  { path: TABLE, content: csvText([["trial", ...columnNames(report.arms)], ...rowsOf(report)]) },
  { path: "recovery.gp", content: scriptOf(report.arms) },
];

const TABLE = "recovery-by-trial.csv";

function rowsOf({ arms, trials }: RunReport): readonly (readonly (number | null)[])[] {
  const recoveries = new Map(
    trials.flatMap(({ arm, repetition, outcome, durations_ms }) =>
      outcome.kind === "recovered" && durations_ms.recovery !== null
        ? [[`${repetition} ${arm}`, Math.round(middleMs(durations_ms.recovery)) / 1000] as const]
        : [],
    ),
  );
  const repetitions = Math.max(0, ...arms.map(({ planned }) => planned));
  return Array.from({ length: repetitions }, (_, index) => [
    index + 1,
    ...arms.map(({ name }) => recoveries.get(`${index + 1} ${name}`) ?? null),
  ]);
}

/** `proxmox_ve_s`: what R, pandas and LaTeX take for a name; one that is nothing then, or taken, is counted on. */
function columnNames(arms: readonly ArmReport[]): readonly string[] {
  const names = new Set<string>();
  for (const [index, { name }] of arms.entries()) {
    const word = plainText(name).toLowerCase().replace(/\W+/gu, "_").replace(/^_|_$/gu, "");
    let column = word === "" ? `_${index + 1}_s` : `${word}_s`;
    for (let count = index + 1; names.has(column); count += 1) column = `${word}_${count}_s`;
    names.add(column);
  }
  return [...names];
}

const scriptOf = (arms: readonly ArmReport[]): string =>
  [
    "set terminal svg size 800,500 noenhanced background 'white'",
    "set output 'recovery.svg'",
    "set datafile separator ','",
    "set key outside above",
    "set grid ytics",
    "set xlabel 'Trial'",
    "set ylabel 'Recovery in seconds'",
    "set yrange [0:*]",
    "set offsets 0.5, 0.5, 0, 0",
    ...plotOf(arms),
    "",
  ].join("\n");

const plotOf = (arms: readonly ArmReport[]): readonly string[] => {
  const lines = arms.map(
    ({ name }, index) =>
      `'${TABLE}' skip 1 using 1:${index + 2} with points pointsize 1.2 title ${quoted(name)}`,
  );
  return lines.length === 0 ? [] : [`plot ${lines.join(", \\\n     ")}`];
};

/** Between single quotes nothing means anything to gnuplot but two of them, which are one. */
const quoted = (text: string): string => `'${plainText(text).replaceAll("'", "''")}'`;
