import { existsSync } from "node:fs";
import { OperatingError } from "../base/errors.ts";
import { checkExperiment } from "../config/check-experiment.ts";
import type { Locate } from "../config/problem.ts";
import type { RunPlan } from "../model/plan.ts";
import { writePlan } from "../store/plan-file.ts";
import type { LoadedStudy } from "./load.ts";
import { loadInventory, startEmbeddedLab } from "./load.ts";
import type { Resumed } from "./resume.ts";

/**
 * The same study on the same clusters. How to reach them, and whether they may be killed, is asked of the inventory as it
 * is today: of `file`, or of the one that the run had, if it is still there. An embedded lab is a new one with the same
 * settings, as the old one died with its run.
 */
export async function resumedStudy(
  { folder, plan }: Resumed,
  file: string | undefined,
  tell: (line: string) => void,
): Promise<LoadedStudy> {
  if (plan.lab !== null) return await onNewLab(plan, plan.lab, file);
  const asked = file ?? plan.inventory.file;
  if (file === undefined && !existsSync(asked)) {
    tell(
      `the inventory ${asked} is not there any more: going on with the one in ${folder.plan}, armed as it was when the run began (another one: --inventory <file>)`,
    );
    return onRealClusters(plan, { ...plan.inventory, file: folder.plan }, nowhere);
  }
  const parsed = await loadInventory(asked);
  if (parsed.kind === "lab") {
    throw new OperatingError(
      "configuration",
      `${asked}: it asks for a new lab, on which nothing of that run goes on; name the inventory of the run's clusters with --inventory <file>`,
    );
  }
  checkExperiment(
    { experiment: { ...plan.experiment, file: folder.plan }, locate: nowhere },
    parsed,
  );
  if (file === undefined) {
    tell(`going on with the inventory ${asked} as it is now (another one: --inventory <file>)`);
  }
  return onRealClusters(plan, parsed.inventory, parsed.locate);
}

/** The plan then holds how the clusters are reached from now on: what is done next must be taken back with that. */
export async function keepInventory(
  { folder, plan }: Resumed,
  { inventory, lab }: LoadedStudy,
): Promise<void> {
  if (lab !== null || inventory.file === folder.plan) return;
  await writePlan(folder.plan, { ...plan, inventory });
}

async function onNewLab(
  { experiment }: RunPlan,
  spec: NonNullable<RunPlan["lab"]>,
  file: string | undefined,
): Promise<LoadedStudy> {
  if (file !== undefined) {
    throw new OperatingError(
      "configuration",
      `--inventory ${file}: the run's clusters are those of an embedded lab, which is started anew with the same settings; leave it out`,
    );
  }
  const { inventory, process } = await startEmbeddedLab(spec);
  return {
    experiment,
    inventory: inventory.inventory,
    locateInInventory: inventory.locate,
    lab: { spec, process },
    close: async () => await process.stop(),
  };
}

const onRealClusters = (
  { experiment }: RunPlan,
  inventory: LoadedStudy["inventory"],
  locateInInventory: Locate,
): LoadedStudy => ({
  experiment,
  inventory,
  locateInInventory,
  lab: null,
  close: async () => await Promise.resolve(),
});

/** JSON that a program has written has no lines for people. */
const nowhere: Locate = () => ({ line: 1, column: 1 });
