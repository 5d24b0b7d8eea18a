import { compareRuns } from "../../analysis/comparison/compare-runs.ts";
import type { SlowerRule } from "../../analysis/comparison/judge-slower.ts";
import { judgeSlower } from "../../analysis/comparison/judge-slower.ts";
import { OperatingError } from "../../base/errors.ts";
import { jsonText } from "../../base/json-text.ts";
import { allowedHint } from "../../config/nearest.ts";
import { parseDuration } from "../../config/schema/parse-duration.ts";
import type { Comparison } from "../../model/baseline.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import { durationMeasures } from "../../model/experiment.ts";
import { comparisonLines } from "../../reporters/comparison-lines.ts";
import { verdictWord } from "../../reporters/words.ts";
import { armPairs } from "../arm-pairs.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { readSide } from "../read-side.ts";
import type { Terminal } from "../terminal.ts";
import { ofVerdict } from "../verdict-code.ts";

export interface CompareOptions {
  readonly arm?: readonly string[];
  readonly measure?: readonly string[];
  readonly maxSlower?: string;
  readonly minValid?: number;
  readonly json?: boolean;
}

/** Holds a run against another, or against a baseline. Only `--max-slower` makes a verdict of it. */
export async function compare(
  run: string,
  against: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const most_ms = options.maxSlower === undefined ? null : limitOf(options.maxSlower);
  const measures = (options.measure ?? ["recovery", "outage"]).map(measureNamed);
  const [own, other] = await Promise.all([readSide(run), readSide(against)]);
  const pairs = armPairs(own, other, options.arm ?? []);
  const all = compareRuns(own, other, pairs, measures);
  // Arms that were left out by name are not missed.
  const comparison = options.arm === undefined ? all : { ...all, unmatched: [] };
  terminal.out(
    options.json === true
      ? jsonText(comparison)
      : comparisonLines(comparison, { colours: terminal.outColours, width: terminal.width() }),
  );
  if (most_ms === null) return exitCode.pass;
  return judged(comparison, { most_ms, min_valid: options.minValid ?? null }, terminal);
}

function judged(comparison: Comparison, rule: SlowerRule, terminal: Terminal): ExitCode {
  const verdict = judgeSlower(comparison, rule);
  terminal.err(`${verdictWord[verdict]}: at most ${rule.most_ms / 1000} s slower\n`);
  return ofVerdict[verdict];
}

function limitOf(text: string): number {
  const parsed = parseDuration(text);
  if ("value" in parsed) return parsed.value;
  throw new OperatingError("configuration", `--max-slower ${text}: ${parsed.problem}`);
}

function measureNamed(name: string): DurationMeasure {
  const measure = durationMeasures.find((each) => each === name);
  if (measure !== undefined) return measure;
  throw new OperatingError(
    "configuration",
    `--measure ${name}: there is no such measure; ${allowedHint(name, durationMeasures)}`,
  );
}
