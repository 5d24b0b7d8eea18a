import type { SlowerRule } from "../../analysis/comparison/judge-slower.ts";
import { judgeSlower } from "../../analysis/comparison/judge-slower.ts";
import { OperatingError } from "../../base/errors.ts";
import { jsonText } from "../../base/json-text.ts";
import { allowedHint } from "../../config/nearest.ts";
import { parseDuration } from "../../config/schema/parse-duration.ts";
import type { Comparison } from "../../model/baseline.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { ComparedRuns } from "../../reporters/compare-html/compare-html.ts";
import { comparisonLines } from "../../reporters/comparison-lines.ts";
import { verdictWord } from "../../reporters/words.ts";
import { writeFile } from "../../store/write-files.ts";
import { compared } from "../compared.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { scrubber } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { ofVerdict } from "../verdict-code.ts";

export interface CompareOptions {
  readonly arm?: readonly string[];
  readonly measure?: readonly string[];
  readonly maxSlower?: string;
  readonly minValid?: number;
  readonly json?: boolean;
  /** The file of a page. */
  readonly html?: string;
}

/** Holds a run against another, or against a baseline. Only `--max-slower` makes a verdict of it. */
export async function compare(
  run: string,
  against: string,
  options: CompareOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const most_ms = options.maxSlower === undefined ? null : limitOf(options.maxSlower);
  const measures = options.measure?.map(measureNamed);
  const runs = await compared(run, against, options.arm, measures);
  const rule = most_ms === null ? null : { most_ms, min_valid: options.minValid ?? null };
  const verdict = rule === null ? null : judged(runs.comparison, rule);
  terminal.out(
    options.json === true
      ? jsonText(runs.comparison)
      : comparisonLines(runs.comparison, {
          colours: terminal.outColours,
          width: terminal.width(),
        }),
  );
  if (options.html !== undefined) await writePage(options.html, { ...runs, verdict });
  if (verdict === null) return exitCode.pass;
  terminal.err(`${verdictWord[verdict.name]}: ${verdict.rule}\n`);
  return ofVerdict[verdict.name];
}

async function writePage(file: string, runs: ComparedRuns): Promise<void> {
  const { compareHtml } = await import("../../reporters/compare-html/compare-html.ts");
  await writeFile(file, scrubber.scrub(compareHtml(runs)));
}

const judged = (
  comparison: Comparison,
  rule: SlowerRule,
): NonNullable<ComparedRuns["verdict"]> => ({
  name: judgeSlower(comparison, rule),
  rule: `at most ${rule.most_ms / 1000} s slower`,
});

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
