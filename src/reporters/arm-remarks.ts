import type {
  ArmReport,
  KaplanMeier,
  MeasureStatistics,
  SurvivalQuantile,
} from "../model/run-report.ts";
import { counted } from "../base/counted.ts";
import { plainText } from "../base/plain-text.ts";
import { fixed, seconds, secondsRange } from "./format.ts";
import { figures } from "./arm-figures.ts";

/** What an arm's plain figures leave out, a sentence each: trials that are few, censored ones counted in, and kinds that differ. */
export const armRemarks = (arm: ArmReport): readonly string[] =>
  [...fewRemarks(arm), ...censoredRemarks(arm), ...strataRemarks(arm)].map(
    (text) => `${plainText(arm.name)}: ${text}`,
  );

/** Fewer than six trials: their least and largest, and so all between, hold the median with 1 - 2 / 2^n. */
const fewRemarks = ({ statistics }: ArmReport): readonly string[] =>
  statistics
    .filter(({ measure, n, median_interval_ms }) => {
      return measure === "recovery" && n > 0 && median_interval_ms === null;
    })
    .map(({ n }) =>
      n === 1
        ? "1 recovered trial is too few for a 95 % interval of the median"
        : `${n} recovered trials are too few for a 95 % interval of the median; with ${fixed(100 * (1 - 2 / 2 ** n), 0)} % it lies between the least and the largest`,
    );

const censoredRemarks = ({ statistics }: ArmReport): readonly string[] =>
  statistics.flatMap(({ measure, kaplan_meier }) =>
    kaplan_meier === null
      ? []
      : [
          `${measure} with censored trials counted in (Kaplan-Meier): ${survivalWords(kaplan_meier)}`,
        ],
  );

const survivalWords = ({ n, median, p90 }: KaplanMeier): string =>
  `median ${quantileWords(median)}, p90 ${quantileWords(p90)}, of ${n}`;

function quantileWords({ value_ms, interval_ms: [low, high] }: SurvivalQuantile): string {
  const value = value_ms === null ? "not reached" : `${seconds(value_ms)} s`;
  if (low === null) return value;
  return `${value} (95 %: ${high === null ? `from ${seconds(low)} s on` : `${secondsRange([low, high])} s`})`;
}

const strataRemarks = ({ strata }: ArmReport): readonly string[] =>
  strata.map(({ name, trials, statistics }) => {
    const medians = statistics.filter(({ n }) => n > 0).map(medianWords);
    return `${name} in ${counted(trials, "trial")}: ${medians.length === 0 ? "none recovered" : medians.join(", ")}`;
  });

function medianWords(statistics: MeasureStatistics): string {
  const { median, min, max } = figures(statistics);
  return `median ${statistics.measure} ${median} s (${min} .. ${max})`;
}
