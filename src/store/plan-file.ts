import { readFile } from "node:fs/promises";
import { dirname, basename } from "node:path";
import { OperatingError } from "../base/errors.ts";
import type { RunPlan } from "../model/plan.ts";
import { defaultSafety } from "../model/safety.ts";
import { diskError } from "./durable.ts";
import { isObject, parseJson } from "./parse-json.ts";
import { writeFiles } from "./write-files.ts";

/** The version of `plan.json` that this program writes, and the only one it reads. */
const FORMAT = 1;

export async function writePlan(path: string, plan: RunPlan): Promise<void> {
  const content = `${JSON.stringify(plan, null, 2)}\n`;
  await writeFiles(dirname(path), [{ path: basename(path), content }]);
}

/** Rejects with an `environment` OperatingError for a file that is not there, damaged, or of another version. */
export async function readPlan(path: string): Promise<RunPlan> {
  const plan = parseJson(await textOf(path));
  if (!isObject(plan)) throw unreadable(path, "it is not JSON");
  if (plan["format"] !== FORMAT) {
    const format = JSON.stringify(plan["format"] ?? null);
    throw unreadable(path, `its format is ${format}, and this version reads only ${FORMAT}`);
  }
  if (!isPlan(plan)) throw unreadable(path, "it is damaged");
  return completed(plan);
}

/** Plans of versions that knew less say less; what is missing is as it was then. */
const completed = (plan: RunPlan): RunPlan => ({
  ...plan,
  experiment: {
    ...noOverrides,
    ...plan.experiment,
    arms: plan.experiment.arms.map((arm) => ({ ...anyMoment, ...noPictures, ...arm })),
  },
  inventory: {
    ...plan.inventory,
    clusters: plan.inventory.clusters.map((cluster) => ({
      ...cluster,
      safety: { ...defaultSafety, ...cluster.safety },
    })),
  },
});

const noOverrides = { overrides: [] } as const;
const noPictures = { pictures: false } as const;
const anyMoment = { when: { kind: "random" } } as const;

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw diskError("read the plan", path, error);
  }
}

/** Its parts are trusted: nobody but `writePlan` writes plans. */
function isPlan(plan: object): plan is RunPlan {
  return (
    "run" in plan &&
    typeof plan.run === "string" &&
    "experiment" in plan &&
    isObject(plan.experiment) &&
    "inventory" in plan &&
    isObject(plan.inventory) &&
    "trials" in plan &&
    Array.isArray(plan.trials)
  );
}

const unreadable = (path: string, why: string): OperatingError =>
  new OperatingError("environment", `Cannot read the plan ${path} as ${why}`, { facts: { path } });
