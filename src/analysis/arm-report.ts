import type { Arm } from "../model/experiment.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { RunPlan } from "../model/plan.ts";
import type { ArmReport } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { answeredBy } from "./answered-by.ts";
import { askedOf } from "./arm-asked.ts";
import { armReference } from "./arm-reference.ts";
import { armSpells } from "./arm-spells.ts";
import { armWaits } from "./explanation/arm-waits.ts";
import { bulkOf } from "./bulk.ts";
import { measureValues } from "./measure-values.ts";
import { measureStatistics } from "./measure-statistics.ts";
import { strata } from "./strata.ts";
import { survivalPoints } from "./survival.ts";

/** One arm of a run: what was to be done, how its trials came out, and what they measured. `trials` are the arm's own. */
export function armReport(plan: RunPlan, arm: Arm, trials: readonly TrialResult[]): ArmReport {
  const { seed, references } = plan.experiment;
  const asked = askedOf(plan, arm);
  const reference = references.find((each) => each.arm === arm.name);
  return {
    ...asked,
    outcomes: outcomesOf(trials, asked.planned),
    statistics: durationMeasures.map((measure) => measureStatistics(trials, measure)),
    bulk: bulkOf(trials),
    survival: survivalPoints(measureValues(trials, "recovery")),
    strata: strata(trials),
    answered_by: answeredBy(trials),
    spells: armSpells(trials),
    waits: armWaits(trials),
    reference: reference === undefined ? null : armReference(reference, trials, seed),
  };
}

function outcomesOf(trials: readonly TrialResult[], planned: number): ArmReport["outcomes"] {
  const count = (kind: TrialResult["outcome"]["kind"]): number =>
    trials.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    recovered: count("recovered"),
    "no-outage": count("no-outage"),
    censored: count("censored"),
    void: count("void"),
    refused: count("refused"),
    interrupted: count("interrupted"),
    missing: planned - trials.length,
  };
}
