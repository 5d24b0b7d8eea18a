import { SeededRandom } from "../../platform/seeded-random.ts";
import type { ExitCode } from "../exit-code.ts";
import { checkHooks } from "../hook-runner.ts";
import type { StudyOptions } from "../load.ts";
import { loadStudy } from "../load.ts";
import { showPlan } from "../show-plan.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";
import { clockFor, wire } from "../wire.ts";

/** Reads everything, asks everybody, changes nothing. */
export async function plan(
  file: string,
  options: StudyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const study = await loadStudy(file, options);
  try {
    checkHooks(study.experiment, process.env);
    const clock = clockFor(study.experiment, study.inventory);
    const random = new SeededRandom(study.experiment.seed);
    const secrets = secretsFor(terminal);
    const wired = await wire(study.experiment, study.inventory, { clock, random, secrets });
    try {
      return await showPlan(study, { wired, clock, random, secrets }, terminal);
    } finally {
      await wired.close();
    }
  } finally {
    await study.close();
  }
}
