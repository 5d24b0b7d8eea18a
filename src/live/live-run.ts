import { faultInWords } from "../analysis/words.ts";
import { killsTheMachine } from "../analysis/fault-nature.ts";
import { plainText } from "../base/plain-text.ts";
import type { Arm } from "../model/experiment.ts";
import type { RunPlan } from "../model/plan.ts";
import type { ExpectedTrial, LiveArm, LiveRun } from "./live-event.ts";

/** A plan as far as somebody needs it who watches. */
export function liveRun(
  { run, tool, experiment, trials }: RunPlan,
  speed: number,
  expect: (arm: Arm) => ExpectedTrial | null,
): LiveRun {
  const arms = experiment.arms.map((arm) => ({
    arm,
    trials: trials.filter((trial) => trial.arm === arm.name).length,
  }));
  return {
    run,
    tool,
    experiment: plainText(experiment.name),
    title: plainText(experiment.title),
    speed,
    trials: trials.length,
    arms: arms
      .filter((each) => each.trials > 0)
      .map((each) => liveArm(each.arm, each.trials, expect(each.arm))),
  };
}

const liveArm = (arm: Arm, trials: number, expected: ExpectedTrial | null): LiveArm => ({
  arm: arm.name,
  cluster: arm.cluster,
  fault: plainText(faultInWords(arm.fault)),
  trials,
  cooldown_ms: arm.cooldown_ms,
  depth: arm.probe.depth,
  consecutive: arm.probe.consecutive,
  phased: killsTheMachine(arm.fault),
  expected,
});
