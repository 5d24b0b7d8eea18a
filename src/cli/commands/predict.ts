import type { Scene } from "../../analysis/prediction/arm-scenes.ts";
import { scenesOf } from "../../analysis/prediction/arm-scenes.ts";
import { predict as play } from "../../analysis/prediction/played.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Arm } from "../../model/experiment.ts";
import type { Prediction } from "../../model/prediction.ts";
import type { Timing } from "../../model/survey.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { askedTiming, offlineTiming } from "../cluster-timing.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import type { ReadStudy, StudyOptions } from "../load.ts";
import { readStudy, startStudy } from "../load.ts";
import type { ArmPrediction, Predicted, ScenePrediction } from "../predict-lines.ts";
import { predictJson, predictLines } from "../predict-lines.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import type { Premise, WhatIf } from "../what-if.ts";
import { changedBy, parseWhatIf } from "../what-if.ts";
import { clockFor } from "../wire.ts";

export interface PredictOptions extends StudyOptions {
  readonly offline?: boolean;
  readonly failovers: number;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** How long an experiment's failovers will take by the twin, with the clusters' own settings; touches nothing. */
export async function predict(
  file: string,
  options: PredictOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const whatIfs = (options.set ?? []).map(parseWhatIf);
  const read = await readStudy(file, options);
  const { experiment } = read.parsed;
  refuseIdle(whatIfs, experiment.arms);
  const timings =
    options.offline === true ? offlineTimings(read) : await askedTimings(read, options, terminal);
  const arms = experiment.arms.map((arm) =>
    predictArm({ arm, timing: timings.get(arm.cluster) ?? "it was not asked" }, whatIfs, {
      failovers: options.failovers,
      seed: experiment.seed,
    }),
  );
  const predicted: Predicted = {
    title: experiment.title,
    seed: experiment.seed,
    failovers: options.failovers,
    offline: options.offline === true,
    whatIfs,
    arms,
  };
  terminal.out(
    options.json === true ? predictJson(predicted) : predictLines(predicted, terminal.outColours),
  );
  const known = arms.every(({ timing }) => typeof timing !== "string");
  return known ? exitCode.pass : exitCode.usage;
}

/** A setting that concerns no arm is most likely a mistake. */
function refuseIdle(whatIfs: readonly WhatIf[], arms: readonly Arm[]): void {
  const idle = whatIfs.find(({ knob }) => !arms.some(({ desktop }) => desktop.kind === knob.kind));
  if (idle === undefined) return;
  throw new OperatingError(
    "configuration",
    `--set ${idle.text}: it concerns ${idle.knob.kind}, and no arm is on such a cluster`,
  );
}

type Timings = ReadonlyMap<string, Timing | string>;

const clustersOf = ({ parsed }: ReadStudy): readonly string[] => [
  ...new Set(parsed.experiment.arms.map(({ cluster }) => cluster)),
];

const offlineTimings = (read: ReadStudy): Timings =>
  new Map(clustersOf(read).map((name) => [name, offlineTiming(name, read.target)]));

async function askedTimings(
  read: ReadStudy,
  options: PredictOptions,
  terminal: Terminal,
): Promise<Timings> {
  const study = await startStudy(read, options);
  try {
    const world = {
      clock: clockFor(study.experiment, study.inventory),
      random: new SeededRandom(study.experiment.seed),
      secrets: secretsFor(terminal),
    };
    const asked = clustersOf(read).map(
      async (name) => [name, await askedTiming(name, study, world)] as const,
    );
    return new Map(await Promise.all(asked));
  } finally {
    await study.close();
  }
}

interface Draws {
  readonly failovers: number;
  readonly seed: number;
}

function predictArm(
  { arm, timing }: { readonly arm: Arm; readonly timing: Timing | string },
  whatIfs: readonly WhatIf[],
  draws: Draws,
): ArmPrediction {
  if (typeof timing === "string") return { arm, timing, changed: null, scenes: [] };
  const premise = { arm, timing };
  const own = whatIfs.filter(({ knob }) => knob.kind === timing.kind);
  if (own.length === 0) {
    const scenes = scenesFor(premise).map((scene) => ({
      name: scene.name,
      prediction: played(scene, draws),
      changed: null,
    }));
    return { arm, timing, changed: null, scenes };
  }
  const changed = changedBy(own, premise);
  const before = scenesFor(premise);
  // A cluster may have nothing to predict as it is, and something by what is set; never the other way round.
  const scenes = scenesFor(changed).map((after, index) =>
    sceneOf(before[index] ?? null, after, draws),
  );
  return { arm, timing, changed, scenes };
}

const scenesFor = ({ arm, timing }: Premise): readonly Scene[] => scenesOf(arm, timing);

const sceneOf = (before: Scene | null, after: Scene, draws: Draws): ScenePrediction => ({
  name: after.name,
  prediction: before === null ? null : played(before, draws),
  changed: played(after, draws),
});

const played = (scene: Scene, { failovers, seed }: Draws): Prediction =>
  play(scene.play, new SeededRandom(seed), failovers);
