import type { DurationMeasure } from "../model/experiment.ts";
import type { ArmReport, VerdictName } from "../model/run-report.ts";
import type { Outcome, SpellKind } from "../model/trial-result.ts";
import { secondsWithUnit } from "./format.ts";
import { plainText } from "../base/plain-text.ts";

export const measureMeaning: Readonly<Record<DurationMeasure, string>> = {
  recovery: "fault to the endpoint answering at full depth, for good",
  outage: "last good answer to the first of the good ones that last",
  detection: "fault to the control plane saying that the node is lost",
  fencing: "until the workload may be started elsewhere",
  placement: "until its new node is chosen",
  start: "until its new instance runs",
  service: "until it answers at full depth",
};

export const spellMeaning: Readonly<Record<SpellKind, string>> = {
  answering: "answering",
  silent: "silence",
  refused: "refused",
  "http-error": "HTTP error",
  handshake: "page, but no desktop",
  black: "black picture",
  unobserved: "unobserved",
};

export const verdictWord: Readonly<Record<VerdictName, string>> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

/** How a trial came out, in a few words. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "recovered":
      return outcome.instance === "unknown"
        ? "recovered"
        : `recovered, ${outcome.instance} instance`;
    case "no-outage":
      return "no outage: it went on answering";
    case "censored":
      return `still down after ${secondsWithUnit(outcome.longer_than_ms)}`;
    case "void":
    case "refused":
    case "interrupted":
      return `${outcome.kind}: ${plainText(outcome.why)}`;
  }
}

/** What became of the trials that did not recover: `1 censored, 2 void`; empty when all did. */
export const otherOutcomes = (arm: ArmReport): string =>
  (["no-outage", "censored", "void", "refused", "interrupted", "missing"] as const)
    .filter((outcome) => arm.outcomes[outcome] > 0)
    .map(
      (outcome) =>
        `${arm.outcomes[outcome]} ${outcome === "no-outage" ? "without outage" : outcome}`,
    )
    .join(", ");
