import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import { plainText } from "../../base/plain-text.ts";
import type { RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { outcomeWords } from "../words.ts";
import type { AttributeValue, Attributes } from "./trace-span.ts";

type Maybe = Readonly<Record<string, AttributeValue | null | undefined>>;

/** Without those that are not known; foreign text as plain lines. */
export const attributes = (all: Maybe): Attributes =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === null || value === undefined
        ? []
        : [[name, typeof value === "string" ? plainText(value) : value]],
    ),
  );

/** A duration that is known within bounds, in seconds. */
export const durationAttributes = (name: string, range: RangeMs | null): Maybe =>
  range === null
    ? {}
    : {
        [`${name}.seconds`]: inSeconds(middleMs(range)),
        [`${name}.low.seconds`]: inSeconds(range[0]),
        [`${name}.high.seconds`]: inSeconds(range[1]),
      };

const inSeconds = (ms: number): number => Math.round(ms) / 1000;

/** Of a trial's root: `test.*` as the semantic conventions name them, the rest is ours. */
export const trialAttributes = (trial: TrialResult, report: RunReport): Attributes =>
  attributes({
    "test.suite.name": report.experiment.name,
    "test.suite.run.status": suiteStatus(report),
    "test.case.name": trial.trial,
    "test.case.result.status": caseStatus[trial.outcome.kind],
    "blackout.run": report.run,
    "blackout.experiment.title": report.experiment.title,
    "blackout.arm": trial.arm,
    "blackout.repetition": BigInt(trial.repetition),
    "blackout.cluster": report.arms.find(({ name }) => name === trial.arm)?.cluster,
    "blackout.fault": report.arms.find(({ name }) => name === trial.arm)?.fault,
    "blackout.victim": trial.victim,
    "blackout.outcome": trial.outcome.kind,
    "blackout.outcome.detail": outcomeWords(trial.outcome),
    "blackout.node.before": trial.before?.node,
    "blackout.node.after": trial.after?.node,
    "blackout.prediction.inside": trial.prediction?.inside,
    "blackout.clock.speed": report.clock?.speed,
    ...durationAttributes("blackout.recovery", trial.durations_ms.recovery),
    ...durationAttributes("blackout.outage", trial.durations_ms.outage),
  });

/** The conventions know no inconclusive run: it is no success. */
function suiteStatus({ end, verdict }: RunReport): string {
  switch (end) {
    case null:
      return "in_progress";
    case "interrupted":
      return "aborted";
    case "refused":
      return "skipped";
    case "failed":
    case "not-restored":
      return "failure";
    case "completed":
      return verdict.name === "pass" ? "success" : "failure";
  }
}

/** Null: it says nothing, so it neither passes nor fails. */
const caseStatus: Readonly<Record<TrialResult["outcome"]["kind"], "pass" | "fail" | null>> = {
  recovered: "pass",
  "no-outage": "pass",
  censored: "fail",
  void: null,
  refused: null,
  interrupted: null,
};
