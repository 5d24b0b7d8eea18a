import { whyNotPlayed } from "../analysis/prediction/arm-scenes.ts";
import { unlessBack } from "../analysis/prediction/predict-arm.ts";
import { premisesOf } from "../analysis/prediction/premises.ts";
import { faultInWords, momentInWords, placementInWords } from "../analysis/words.ts";
import { jsonText } from "../base/json-text.ts";
import { plainText } from "../base/plain-text.ts";
import type { RangeMs } from "../base/interval.ts";
import type { Arm } from "../model/experiment.ts";
import { phases } from "../model/experiment.ts";
import type { PredictedMode, Prediction } from "../model/prediction.ts";
import type { Timing } from "../model/survey.ts";
import { secondsRange, secondsWithUnit } from "../reporters/format.ts";
import type { Terminal } from "./terminal.ts";
import type { Premise, WhatIf } from "./what-if.ts";

type Colours = Terminal["outColours"];

export interface Predicted {
  readonly title: string;
  readonly seed: number;
  readonly failovers: number;
  readonly offline: boolean;
  readonly whatIfs: readonly WhatIf[];
  readonly arms: readonly ArmPrediction[];
}

export interface ArmPrediction {
  readonly arm: Arm;
  /** Or why it is not known. */
  readonly timing: Timing | string;
  /** What it becomes by `--set`; null: nothing is set that concerns it. */
  readonly changed: Premise | null;
  /** None: the twin does not play such a fault. */
  readonly scenes: readonly ScenePrediction[];
}

export interface ScenePrediction {
  readonly name: string | null;
  /** Null: as the settings are there is nothing to predict. */
  readonly prediction: Prediction | null;
  /** By what is set; null: nothing is. */
  readonly changed: Prediction | null;
}

/** For people: a section for each arm; what it was and what it becomes beside each other. */
export function predictLines(predicted: Predicted, colours: Colours): string {
  const { title, failovers, seed, offline, whatIfs, arms } = predicted;
  const source = offline ? "the inventory states them, and else by default" : "the clusters say";
  const head = [
    colours.bold(plainText(title)),
    `${failovers} failovers of each kind, played by the twin with seed ${seed} and settings as ${source}. Nothing has been touched.`,
    "A range holds 95 % of what was played; times count from the machine's death.",
    ...(whatIfs.length === 0 ? [] : [`What if: ${whatIfs.map(({ text }) => text).join(", ")}`]),
  ];
  return `${[head.join("\n"), ...arms.map((arm) => armLines(arm, colours).join("\n"))].join("\n\n")}\n`;
}

function armLines(arm: ArmPrediction, colours: Colours): readonly string[] {
  const { name, cluster, fault, placement, when } = arm.arm;
  return [
    colours.bold(`${name}: ${plainText(faultInWords(fault))}, on ${cluster}`),
    line("strikes", `${plainText(placementInWords(placement))}, ${momentInWords(when)}`),
    ...outlook(arm, colours),
  ];
}

function outlook(
  { arm, timing, changed, scenes }: ArmPrediction,
  colours: Colours,
): readonly string[] {
  if (typeof timing === "string") {
    return [
      colours.yellow(
        line("predicted", `nothing, as the cluster's timers are not known: ${timing}`),
      ),
      line("", "--offline predicts from what the inventory states"),
    ];
  }
  const why = whyNotPlayed(arm, timing);
  const whyStill = changed === null ? why : whyNotPlayed(changed.arm, changed.timing);
  if (whyStill !== null) return [line("predicted", `nothing: ${whyStill}`)];
  const { given, assumed } = premisesOf({ arm, timing });
  const after = changed === null ? null : premisesOf(changed);
  return [
    ...(why === null ? [] : [line("predicted", `nothing as it is: ${why}`)]),
    line("settings", beside(given, after?.given ?? null)),
    line("assumed", beside(assumed, after?.assumed ?? null)),
    ...scenes.flatMap((scene) => sceneLines(scene, colours)),
    ...(unlessBack(arm.fault) === "" ? [] : [line("mind", "the node may be back sooner")]),
  ];
}

function sceneLines({ name, prediction, changed }: ScenePrediction, colours: Colours) {
  const both = (of: (prediction: Prediction) => string): string =>
    beside(prediction === null ? NONE : of(prediction), changed === null ? null : of(changed));
  return [
    ...(name === null ? [] : [`  ${colours.bold(`if ${name}`)}`]),
    line(
      "recovery",
      both(
        ({ recovery_ms, recovery_median_ms }) =>
          `${range(recovery_ms)}, median ${secondsWithUnit(recovery_median_ms)}`,
      ),
    ),
    ...phases.map((phase) =>
      line(
        phase,
        both(({ phases_ms }) => rangeOrNone(phases_ms[phase])),
      ),
    ),
    ...(prediction === null
      ? []
      : modeLines(changed === null ? "modes" : "modes were", prediction)),
    ...(changed === null ? [] : modeLines("modes are", changed)),
  ];
}

const modeLines = (title: string, { modes }: Prediction): readonly string[] =>
  modes.flatMap(({ share, name, recovery_ms, why }, index) => [
    line(index === 0 ? title : "", `${percent(share).padStart(6)}  ${name}: ${range(recovery_ms)}`),
    line("", `        ${why}`),
  ]);

/** Nothing that was played is told as nought. */
const percent = (share: PredictedMode["share"]): string => `${(100 * share).toPrecision(2)} %`;

const range = (value: RangeMs): string => `${secondsRange(value)} s`;
const NONE = "–";
const rangeOrNone = (value: RangeMs | null): string => (value === null ? NONE : range(value));

const beside = (before: string, after: string | null): string =>
  after === null || after === before ? before : `${before}  ->  ${after}`;

const line = (what: string, said: string): string => `  ${what.padEnd(10)}  ${said}`;

/** For machines. */
export const predictJson = ({ whatIfs, arms, ...rest }: Predicted): string =>
  jsonText({
    format: 1,
    ...rest,
    set: whatIfs.map(({ text }) => text),
    arms: arms.map(({ arm, timing, changed, scenes }) => ({
      arm: arm.name,
      cluster: arm.cluster,
      fault: arm.fault,
      settings: typeof timing === "string" ? null : timing.settings,
      changed_settings: changed?.timing.settings ?? null,
      not_predicted: typeof timing === "string" ? timing : whyNotPlayed(arm, timing),
      scenes,
    })),
  });
