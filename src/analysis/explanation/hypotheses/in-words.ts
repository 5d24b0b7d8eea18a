import { present } from "../../../base/assert.ts";
import type {
  HypothesisMode,
  RankedHypothesis,
  ReferenceHypotheses,
} from "../../../model/hypothesis.ts";
import { secondsOf } from "../in-words.ts";
import { STRAY_SHARE } from "./rank-hypotheses.ts";

/** What one kind of cluster adds to the numbers. */
export interface Telling {
  /** What makes the recoveries of a mode: which waits, and which of them decides. */
  readonly modeWhy: (mode: string) => string;
  /** What its constant is. */
  readonly constant: string;
  readonly changes: string;
  readonly toLog: string;
  readonly assumed: readonly string[];
}

export interface Findings {
  readonly ranked: readonly RankedHypothesis[];
  /** The same, had trials not differed at all. */
  readonly ifAlike: readonly RankedHypothesis[];
  readonly values_ms: readonly number[];
  readonly tolerance_ms: number;
  readonly unlike_ms: number;
}

export function inWords(
  findings: Findings,
  telling: Telling,
): Pick<ReferenceHypotheses, "text" | "assumed"> {
  const { ranked, values_ms, tolerance_ms, unlike_ms } = findings;
  const best = present(ranked[0], "a hypothesis");
  const modes = best.modes
    .filter(({ values }) => values > 0)
    .toSorted((a, b) => b.values - a.values);
  return {
    text: [
      likeliest(best, findings, telling),
      ...modes.map((mode) => made(mode, values_ms.length, telling)),
      `What changes it: ${telling.changes}.`,
      undecided(best, findings, telling),
    ],
    assumed: [
      ...telling.assumed,
      `start and reading of a trial differ from the next by up to ± ${secondsOf(unlike_ms)}, seldom by so much`,
      `a value is known to ± ${secondsOf(tolerance_ms)}, and one in ${1 / STRAY_SHARE} may be of something else`,
      "every kill fell at a random phase of the cluster's loops; all hypotheses were equally likely before the values",
    ],
  };
}

function likeliest(
  best: RankedHypothesis,
  { ranked, values_ms }: Findings,
  { constant }: Telling,
): string {
  const next = ranked[1];
  const values = `the ${values_ms.length} values (${secondsOf(Math.min(...values_ms))} .. ${secondsOf(Math.max(...values_ms))})`;
  const ahead =
    next === undefined
      ? ""
      : ` They are ${times(next.less_likely)} as likely under it as under the next, ${next.name}.`;
  return `Most consistent with ${values}: ${best.name}; ${constant} ${secondsOf(best.constant_ms)} fits best. It plays a median of ${secondsOf(best.median_ms)}, and the largest distance of the distributions is ${best.ecdf_distance.toFixed(2)}.${ahead}`;
}

const made = (mode: HypothesisMode, total: number, { modeWhy }: Telling): string =>
  `About ${secondsOf(Math.round(mode.median_ms / 1000) * 1000)} (${mode.values} of ${total} values; ${Math.round(mode.share * 100)} % of its failovers): ${modeWhy(mode.name)}.`;

/** Less unlikely than that, a hypothesis stays in the race. */
const RULED_OUT = 100;

function undecided(
  best: RankedHypothesis,
  { ranked, ifAlike, values_ms }: Findings,
  { toLog }: Telling,
): string {
  const rivals = ranked.slice(1).filter(({ less_likely }) => less_likely < RULED_OUT);
  const open =
    rivals.length === 0
      ? `no other is within a factor of ${RULED_OUT}, as long as what is assumed holds`
      : `within a factor of ${RULED_OUT} are also ${rivals.map(({ name, less_likely, constant_ms }) => `${name} (${times(less_likely)} less likely, at ${secondsOf(constant_ms)})`).join("; ")}`;
  const alike = present(ifAlike[0], "a hypothesis").name;
  const rests =
    alike === best.name
      ? "The first is the same if trials did not differ in start and reading at all."
      : `The order rests on what is assumed: if trials did not differ in start and reading at all, the first were ${alike}.`;
  return `${values_ms.length} values without a logged cycle age cannot decide more: ${open}. ${rests} A new study must log for each kill ${toLog}; blackout journals all of it.`;
}

const times = (factor: number): string =>
  factor >= 1000 ? "more than 1,000 times" : `${Number(factor.toPrecision(2))} times`;
