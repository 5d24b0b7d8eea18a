import { OperatingError } from "../../base/errors.ts";
import { parseDuration } from "../../config/schema/parse-duration.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import type { ExitCode } from "../exit-code.ts";
import { checkHooks } from "../hook-runner.ts";
import type { StudyOptions } from "../load.ts";
import { loadStudy } from "../load.ts";
import { openRunFolder } from "../../store/run-folder.ts";
import type { Advising } from "../show-plan.ts";
import { showPlan, usualAdvising } from "../show-plan.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { clockFor, wire } from "../wire.ts";
import { reportOf } from "../write-report.ts";

export interface PlanOptions extends StudyOptions {
  readonly within?: string;
  readonly like?: string;
}

/** Reads everything, asks everybody, changes nothing. */
export async function plan(
  file: string,
  options: PlanOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const advising = await advisingFor(options);
  const study = await loadStudy(file, options);
  try {
    checkHooks(study.experiment, process.env);
    const clock = clockFor(study.experiment, study.inventory);
    const random = new SeededRandom(study.experiment.seed);
    const secrets = secretsFor(terminal);
    const wired = await wire(study.experiment, study.inventory, { clock, random, secrets });
    try {
      return await showPlan(study, { wired, clock, random, secrets }, terminal, advising);
    } finally {
      await wired.close();
    }
  } finally {
    await study.close();
  }
}

async function advisingFor({ within, like }: PlanOptions): Promise<Advising> {
  return {
    within_ms: within === undefined ? usualAdvising.within_ms : withinMs(within),
    like: like === undefined ? null : await reportOf(await openRunFolder(like)),
  };
}

function withinMs(text: string): number {
  const parsed = parseDuration(text, { min: 1 });
  if ("value" in parsed) return parsed.value;
  throw new OperatingError("configuration", `--within ${text}: ${parsed.problem}`);
}
