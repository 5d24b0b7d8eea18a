import type { Clock } from "../contracts/clock.ts";
import type { RunPlan } from "../model/plan.ts";
import { SeededRandom } from "../platform/seeded-random.ts";
import { FileJournal } from "../store/file-journal.ts";
import { FileSampleSink } from "../store/file-sample-sink.ts";
import { writePlan } from "../store/plan-file.ts";
import type { RunFolder } from "../store/run-folder.ts";
import { createRunFolder } from "../store/run-folder.ts";
import { createRunId } from "../store/run-id.ts";
import { planTrials } from "../study/order.ts";
import type { LoadedStudy } from "./load.ts";
import type { Resumed } from "./resume.ts";
import { resumedJournal } from "./resume.ts";
import { keepInventory } from "./resumed-study.ts";
import { scrubber } from "./surroundings.ts";
import { version } from "./version.ts";

export interface RunFiles {
  readonly folder: RunFolder;
  /** With the trials that are to be run now. */
  readonly plan: RunPlan;
  readonly journal: FileJournal;
  readonly samples: FileSampleSink;
}

/** The files of a run that begins, in a new folder below `output`. */
export async function newFiles(
  study: LoadedStudy,
  output: string,
  { clock, random }: { readonly clock: Clock; readonly random: SeededRandom },
): Promise<RunFiles> {
  const now = new SeededRandom(Number(process.hrtime.bigint() % 0x1_0000_0000n));
  const plan: RunPlan = {
    format: 1,
    run: createRunId(clock.wall(), study.experiment.name, now),
    tool: version,
    experiment: study.experiment,
    inventory: study.inventory,
    lab: study.lab?.spec ?? null,
    trials: planTrials(study.experiment, random),
  };
  const folder = await createRunFolder(output, plan.run);
  await writePlan(folder.plan, plan);
  const journal = await FileJournal.create(folder.journal, clock, scrubber.scrub);
  const samples = await FileSampleSink.create(folder.samples, scrubber.scrub);
  return { folder, plan, journal, samples };
}

/** Those of a run that goes on. The journal first: it refuses where another process does the same. */
export async function filesOf(
  resumed: Resumed,
  study: LoadedStudy,
  clock: Clock,
): Promise<RunFiles> {
  const { folder, plan, missing } = resumed;
  const journal = await resumedJournal(resumed, clock);
  await keepInventory(resumed, study);
  const samples = await FileSampleSink.continue(folder.samples, scrubber.scrub);
  const { inventory } = study;
  return {
    folder,
    plan: { ...plan, inventory, tool: version, trials: missing.trials },
    journal,
    samples,
  };
}
