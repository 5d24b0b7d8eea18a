import type { Contrast, ContrastVerdict, OpenRangeMs } from "../model/contrast.ts";
import { NONE, difference, differenceRange, fixed, seconds } from "./format.ts";

/** One measure of two arms as every format prints it. */
export interface ContrastFigures {
  /** "slower", "no evidence". */
  readonly verdict: string;
  readonly shift: string;
  /** 95 %. */
  readonly interval: string;
  /** "p = 0.012, Mann-Whitney, exact". */
  readonly test: string;
  readonly cliffsDelta: string;
  /** "10 and 9 (1 censored)". */
  readonly trials: string;
}

const contrastVerdictWord: Readonly<Record<ContrastVerdict, string>> = {
  faster: "faster",
  slower: "slower",
  "no-evidence": "no evidence",
};

export const contrastFigures = (contrast: Contrast): ContrastFigures => ({
  verdict: contrastVerdictWord[contrast.verdict],
  shift: contrast.shift_ms === null ? NONE : difference(contrast.shift_ms),
  interval: contrast.interval_ms === null ? NONE : openDifference(contrast.interval_ms),
  test: testWords(contrast),
  cliffsDelta: deltaWords(contrast),
  trials: trialsWords(contrast),
});

/** `recovery slower by 3.2 s (95 %: +1.1 s .. +5.4 s; p = 0.003, Mann-Whitney, exact; 10 and 10 trials)`. */
export function contrastSentence(contrast: Contrast): string {
  const { test, cliffsDelta, trials } = contrastFigures(contrast);
  const details = [
    intervalWords(contrast),
    test === NONE ? "" : test,
    cliffsDelta === NONE ? "" : `Cliff's delta ${cliffsDelta}`,
    `${trials} trials`,
  ].filter((detail) => detail !== "");
  return `${contrast.measure} ${verdictWords(contrast)} (${details.join("; ")})`;
}

function verdictWords({ verdict, shift_ms, interval_ms }: Contrast): string {
  if (verdict === "no-evidence") {
    return `no evidence of a difference${shift_ms === null ? "" : `: ${difference(shift_ms)}`}`;
  }
  if (shift_ms !== null) return `${verdict} by ${seconds(Math.abs(shift_ms))} s`;
  const least = leastOf(interval_ms);
  return least === null
    ? `${verdict}, by how much is open`
    : `${verdict} by at least ${seconds(least)} s`;
}

/** How far from nought the whole interval lies; null where it does not. */
function leastOf(interval: OpenRangeMs | null): number | null {
  const [low, high] = interval ?? [null, null];
  if (low !== null && low > 0) return low;
  return high !== null && high < 0 ? -high : null;
}

const intervalWords = ({ n, interval_ms }: Contrast): string => {
  if (Math.min(...n) === 0) return "";
  return interval_ms === null
    ? "too few trials for a 95 % interval"
    : `95 %: ${openDifference(interval_ms)}`;
};

const openDifference = ([low, high]: OpenRangeMs): string => {
  if (low !== null && high !== null) return differenceRange([low, high]);
  if (low !== null) return `at least ${difference(low)}`;
  return high === null ? "no bound" : `at most ${difference(high)}`;
};

const tests = { "mann-whitney": "Mann-Whitney", "log-rank": "log-rank" } as const;

function testWords({ test }: Contrast): string {
  if (test === null) return NONE;
  const { name, method, p, p_largest } = test;
  const upTo = p < SIGNIFICANT && p_largest >= SIGNIFICANT ? ` (up to ${fixed(p_largest, 3)})` : "";
  return `${pWords(p)}${upTo}, ${tests[name]}, ${method}`;
}

/** Whether the trials' own errors could hide a difference is told only where that matters. */
const SIGNIFICANT = 0.05;

const pWords = (p: number): string => (p < 0.001 ? "p < 0.001" : `p = ${fixed(p, 3)}`);

function deltaWords({ cliffs_delta }: Contrast): string {
  if (cliffs_delta === null) return NONE;
  const { value, interval } = cliffs_delta;
  const ends = interval === null ? "" : ` (${interval.map(signed).join(" .. ")})`;
  return signed(value) + ends;
}

const signed = (share: number): string => fixed(share, 2).replace("-", "−");

function trialsWords({ n: [own, other], censored: [ownLost, otherLost] }: Contrast): string {
  const lost = ownLost + otherLost;
  return `${own} and ${other}${lost === 0 ? "" : ` (${ownLost} and ${otherLost} censored)`}`;
}
