import type { RunReport } from "../../model/run-report.ts";
import type { Figures } from "../arm-figures.ts";
import { figuresOf, referenceFigures } from "../arm-figures.ts";
import { NONE } from "../format.ts";
import { statisticsOf } from "../statistics-of.ts";

export const recoveryHead = [
  "arm",
  "n",
  "median ± sd",
  "min",
  "max",
  "95 % of median",
  "still down",
] as const;

/** Recovery in seconds as a paper prints it: a row for each arm, and for the values of others that it is held against. */
export const recoveryRows = ({ arms }: RunReport): readonly (readonly string[])[] =>
  arms.flatMap((arm) => {
    const n = statisticsOf(arm, "recovery")?.n ?? 0;
    const own = [
      arm.name,
      String(n),
      ...cells(figuresOf(arm, "recovery")),
      String(arm.outcomes.censored),
    ];
    const { reference } = arm;
    return reference === null || reference.measure !== "recovery"
      ? [own]
      : [own, [reference.title, String(reference.n), ...cells(referenceFigures(reference)), NONE]];
  });

const cells = ({ medianWithDeviation, min, max, interval }: Figures): readonly string[] => [
  medianWithDeviation,
  min,
  max,
  interval,
];
