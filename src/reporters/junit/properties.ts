import { middleMs } from "../../base/interval.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { fixed } from "../format.ts";
import { outcomeWords } from "../words.ts";

export type Property = readonly [name: string, value: string];

/**
 * What a case has no place for: a schema that readers know gives properties to suites alone, so those of an arm or a trial
 * begin with its name.
 */
export const propertiesOf = (report: RunReport): readonly Property[] => [
  ["run", report.run],
  ["version", report.tool],
  ["verdict", report.verdict.name],
  ...report.arms.flatMap((arm) => under(arm.name, armProperties(arm))),
  ...report.trials.flatMap((trial) => under(trial.trial, trialProperties(trial))),
];

const under = (owner: string, properties: readonly Property[]): readonly Property[] =>
  properties.map(([name, value]) => [`${owner}.${name}`, value]);

const armProperties = ({
  cluster,
  fault,
  desktop,
  placement,
  moment,
}: ArmReport): readonly Property[] =>
  Object.entries({ cluster, fault, desktop, placement, moment });

const trialProperties = ({ outcome, durations_ms }: TrialResult): readonly Property[] => [
  ["outcome", outcomeWords(outcome)],
  ...durationMeasures.flatMap((measure): readonly Property[] => {
    const range = durations_ms[measure];
    if (range === null) return [];
    return [
      [`${measure}_s`, inSeconds(middleMs(range))],
      [`${measure}_low_s`, inSeconds(range[0])],
      [`${measure}_high_s`, inSeconds(range[1])],
    ];
  }),
];

export const inSeconds = (ms: number): string => fixed(ms / 1000, 3);
