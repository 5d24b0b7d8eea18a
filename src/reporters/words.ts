import type { DurationMeasure } from "../model/experiment.ts";
import type { Explanation } from "../model/explanation.ts";
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

export const spellMeaning: Readonly<Record<SpellKind | "frozen", string>> = {
  answering: "answering",
  frozen: "frozen picture of a session that is not reloaded",
  silent: "silence",
  unreachable: "unreachable",
  refused: "refused",
  "http-error": "HTTP error",
  handshake: "page, but no desktop",
  black: "black picture",
  unobserved: "unobserved",
};

export const placedWords: Readonly<Record<Explanation["placed"], string>> = {
  inside: "inside its prediction",
  outside: "OUTSIDE its prediction",
  "not-predicted": "not predicted",
};

export const verdictWord: Readonly<Record<VerdictName, string>> = {
  pass: "PASS",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
};

const recoveredBy = {
  new: "recovered, new instance",
  same: "recovered by the same instance: no failover",
  unknown: "recovered",
} as const;

/** How a trial came out, in a few words. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "recovered":
      return recoveredBy[outcome.instance];
    case "no-outage":
      return noOutageInWords(outcome.shorter_than_ms);
    case "censored":
      return `still down after ${secondsWithUnit(outcome.longer_than_ms)}`;
    case "void":
    case "refused":
    case "interrupted":
      return `${outcome.kind}: ${plainText(outcome.why)}`;
  }
}

/** `no outage of more than 0.3 s: it went on answering`. Rounded up, so that it stays true. */
function noOutageInWords(shorter_than_ms: number | null): string {
  const bound =
    shorter_than_ms === null
      ? ""
      : ` of more than ${secondsWithUnit(Math.ceil(shorter_than_ms / 100) * 100)}`;
  return `no outage${bound}: it went on answering`;
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
