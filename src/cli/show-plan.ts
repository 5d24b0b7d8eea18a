import { adviceInWords, expectedByRun, expectedByTwin } from "../analysis/advice/advise.ts";
import { predictArm } from "../analysis/prediction/predict-arm.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Arm } from "../model/experiment.ts";
import type { RunReport } from "../model/run-report.ts";
import type { Timing } from "../model/survey.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { planTrials } from "../study/order.ts";
import type { ArmPreflight } from "../study/preflight.ts";
import { hopeless } from "../study/preflight.ts";
import { askedTiming } from "./cluster-timing.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode } from "./exit-code.ts";
import type { LoadedStudy } from "./load.ts";
import type { PlannedArm } from "./plan-lines.ts";
import { planLines } from "./plan-lines.ts";
import { checkedClusters } from "./preflight.ts";
import type { Terminal } from "./terminal.ts";
import type { Wired } from "./wire.ts";

interface PlanWorld {
  readonly wired: Wired;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly secrets: Secrets;
}

/** For which accuracy the number of trials is advised, and by what. */
export interface Advising {
  readonly within_ms: number;
  /** An earlier run whose trials tell how they spread; null: the twin. */
  readonly like: RunReport | null;
}

export const usualAdvising: Advising = { within_ms: 2000, like: null };

/** Draws of a prediction: the same cluster is told the same twice. */
const SEED = 1;

/** Asks everybody, changes nothing, prints what a run would do; the exit code says whether one would be refused. */
export async function showPlan(
  study: LoadedStudy,
  world: PlanWorld,
  terminal: Terminal,
  advising: Advising = usualAdvising,
): Promise<ExitCode> {
  const { wired, clock, random } = world;
  const results = await checkedClusters(study, wired, clock);
  const timings = new Map(
    await Promise.all(
      [...wired.clusters.keys()].map(
        async (name) => [name, await askedTiming(name, study, world)] as const,
      ),
    ),
  );
  const locks = new Map([...wired.clusters].map(([name, { driver }]) => [name, driver.lock.title]));
  const { experiment } = study;
  const trials = planTrials(experiment, random).length;
  const arms = results.map((result) => predicted(result, timings, advising, clock.floor));
  terminal.out(`${planLines({ experiment, trials, clock, locks, arms }, terminal.outColours)}\n`);
  return results.some(hopeless) ? exitCode.unsafe : exitCode.pass;
}

function predicted(
  result: ArmPreflight,
  timings: ReadonlyMap<string, Timing | string>,
  advising: Advising,
  floor: Clock["floor"],
): PlannedArm {
  const timing = timings.get(result.arm.cluster) ?? "the cluster was not asked";
  const words =
    typeof timing === "string"
      ? `nothing, as the cluster's timers are not known: ${timing}`
      : predictArm(result.arm, timing, new SeededRandom(SEED));
  return { ...result, predicted: words, advised: advised(result.arm, timing, advising, floor) };
}

function advised(
  arm: Arm,
  timing: Timing | string,
  { within_ms, like }: Advising,
  floor: Clock["floor"],
): string | null {
  if (like !== null) {
    const expected = expectedByRun(arm.name, like);
    return expected === null
      ? `nothing is advised, as run ${like.run} has no three recovered trials of an arm ${arm.name}`
      : adviceInWords(expected, within_ms, arm.trials);
  }
  if (typeof timing === "string") return null;
  const expected = expectedByTwin(arm, timing, { random: new SeededRandom(SEED), floor });
  return expected === null ? null : adviceInWords(expected, within_ms, arm.trials);
}
