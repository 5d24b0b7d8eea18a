import type { RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { MOST_OF_LINE } from "../journal-lines.ts";
import { MOST_OF_FAILURE } from "../sample-words.ts";
import { MOST_SPELLS } from "../what-users-see.ts";

/** Up to so many trials a page shows all that it has of each; of more it leaves out what would make it too large to be opened. */
const MOST_IN_FULL = 100;
const MOST_WITH_RULES = 50;
/** Of each trial's journal. */
export const MOST_LINES = 60;
/** Of each text of a trial that others may have worded. */
export const MOST_LETTERS = 300;
/** Of each trial, different ones. */
export const MOST_NOTES = 20;
/** Bytes; larger ones are no thumbnails, and stay files. */
export const MOST_OF_THUMBNAIL = 4096;

export interface Detail {
  readonly full: boolean;
  /** Whether the rule behind each wait is told with each trial, and not only with its arm. */
  readonly rules: boolean;
  /** Trials whose pictures are shown in the page. */
  readonly pictured: ReadonlySet<string>;
}

export function detailOf(report: RunReport): Detail {
  const full = report.trials.length <= MOST_IN_FULL;
  return {
    full,
    rules: report.trials.length <= MOST_WITH_RULES,
    pictured: new Set((full ? report.trials : notable(report)).map(({ trial }) => trial)),
  };
}

/** Of each arm the first trial, the one in the middle, the slowest, and those outside their prediction; no more than fit. */
function notable({ arms, trials }: RunReport): readonly TrialResult[] {
  const ofArms = arms.map(({ name }) => {
    const recovered = trials
      .filter(({ arm, outcome }) => arm === name && outcome.kind === "recovered")
      .toSorted((a, b) => recoveryOf(a) - recoveryOf(b));
    return [
      trials.find(({ arm }) => arm === name),
      recovered[Math.floor(recovered.length / 2)],
      recovered.at(-1),
    ].flatMap((trial) => (trial === undefined ? [] : [trial]));
  });
  const outside = trials.filter(({ prediction }) => prediction?.inside === false);
  return [...new Set([...ofArms.flat(), ...outside])].slice(0, MOST_PICTURED);
}

const recoveryOf = ({ durations_ms: { recovery } }: TrialResult): number => recovery?.[1] ?? 0;

const MOST_PICTURED = 50;

/** What a page says of what it leaves out. */
export const reductionRule = ({ trials }: RunReport, { full, rules }: Detail): string =>
  "Drawings show one state a pixel, the worst of those that fall on it; a trial's samples are shown around both edges of its outage, renewals of leases are only counted, and so are gaps in the observation that follow each other. " +
  `Of a trial at most ${MOST_LINES} lines of its journal, ${MOST_NOTES} notes and ${MOST_SPELLS} spells in words are shown; of a line of the journal ${MOST_OF_LINE} letters, of what was said of an attempt that failed ${MOST_OF_FAILURE}, of every other text that others may have worded ${MOST_LETTERS}: what is cut ends in "…". Long names are cut in drawings, too. Thumbnails of more than ${MOST_OF_THUMBNAIL / 1024} KiB are only named.` +
  (full
    ? ""
    : ` With ${trials.length} trials, more than ${MOST_IN_FULL}, this page leaves out of each journal what every trial has (preparations, readings of clocks and timers, gaps), and shows pictures of the first, the median and the slowest trial of each arm and of those outside their prediction, ${MOST_PICTURED} trials at most.`) +
  (rules
    ? ""
    : ` The rules behind the waits of more than ${MOST_WITH_RULES} trials stand with their arm alone.`) +
  " No number of a table is left out; the run's folder holds everything.";
