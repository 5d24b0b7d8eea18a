import type { ArmWait } from "../../model/explanation.ts";
import type { ReferenceHypotheses } from "../../model/hypothesis.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { NONE, fixed, seconds } from "../format.ts";
import { MOST_HYPOTHESES, lessLikely } from "../hypothesis-words.ts";
import { spreadOf, whatWouldShorten, whereTimeGoes } from "../owners.ts";
import { placedWords } from "../words.ts";
import { escape, list, table } from "./parts.ts";

/** Where the time of each arm and of each of its trials went. */
export function explained({ arms, trials }: RunReport): readonly string[] {
  const blocks = arms.flatMap((arm) =>
    ofArm(
      arm,
      trials.filter((trial) => trial.arm === arm.name),
    ),
  );
  return blocks.length === 0 ? [] : ["## Where the time goes", ...blocks];
}

function ofArm(arm: ArmReport, trials: readonly TrialResult[]): readonly string[] {
  const sentence = whereTimeGoes(arm);
  if (sentence === null) return [];
  return [
    `### ${escape(arm.name)}`,
    escape(`In the medians, ${sentence}. What would shorten it:`),
    list(whatWouldShorten(arm).map(escape)),
    table(
      ["wait", "while", "median, s", "min .. max", "setting", "what would shorten it", "source"],
      arm.waits.map((wait) => [
        wait.name,
        wait.within === null ? NONE : `${wait.within} runs`,
        seconds(wait.median_ms),
        spreadOf(wait),
        wait.setting ?? NONE,
        wait.shorten ?? "nothing",
        wait.source,
      ]),
    ),
    trialsTable(arm.waits, trials),
  ];
}

/** Each trial's waits in a row. */
const trialsTable = (waits: readonly ArmWait[], trials: readonly TrialResult[]): string =>
  table(
    ["trial", ...waits.map(({ name }) => name), "prediction"],
    trials.flatMap(({ trial, explanation }) =>
      explanation === null
        ? []
        : [
            [
              trial,
              ...waits.map(({ name }) => {
                const own = explanation.waits.find((wait) => wait.name === name);
                return own === undefined ? NONE : seconds(own.likely_ms);
              }),
              [placedWords[explanation.placed], ...explanation.causes].join("; "),
            ],
          ],
    ),
  );

/** What may have made the values of references. */
export const hypothesised = ({ hypotheses }: RunReport): readonly string[] =>
  hypotheses.length === 0
    ? []
    : ["## What may have made the reference's values", ...hypotheses.flatMap(ofReference)];

const ofReference = ({
  title,
  source,
  ranked,
  text,
  assumed,
}: ReferenceHypotheses): readonly string[] => [
  `### ${escape(title)}`,
  escape(source),
  ...text.map(escape),
  table(
    ["hypothesis", "less likely", "median, s", "distance"],
    ranked
      .slice(0, MOST_HYPOTHESES)
      .map((each) => [
        each.name,
        lessLikely(each),
        seconds(each.median_ms),
        fixed(each.ecdf_distance, 2),
      ]),
  ),
  escape(`Assumed: ${assumed.join("; ")}.`),
];
