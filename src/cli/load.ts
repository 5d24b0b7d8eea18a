import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { describeError, OperatingError } from "../base/errors.ts";
import { checkExperiment } from "../config/check-experiment.ts";
import { parseOverride } from "../config/experiment/overrides.ts";
import { parseExperiment } from "../config/experiment/parse-experiment.ts";
import type { ParsedInventory } from "../config/inventory/parse-inventory.ts";
import { parseInventory } from "../config/inventory/parse-inventory.ts";
import type { Locate } from "../config/problem.ts";
import type { Experiment } from "../model/experiment.ts";
import type { OverridableGuard } from "../model/guard.ts";
import type { Inventory } from "../model/inventory.ts";
import type { LabSpec } from "../model/lab.ts";
import { ownerOnly } from "../platform/file-access.ts";
import type { LabProcess } from "./lab-process.ts";
import { manners } from "./surroundings.ts";
import { startLabProcess } from "./lab-process.ts";

export interface StudyOptions {
  readonly inventory?: string;
  readonly arm?: readonly string[];
  readonly cluster?: string;
  readonly trials?: number;
  readonly seed?: number;
  readonly speed?: number;
  readonly override?: readonly string[];
}

/** An experiment and the clusters it needs; the embedded lab runs until `close`. */
export interface LoadedStudy {
  readonly experiment: Experiment;
  readonly inventory: Inventory;
  readonly locateInInventory: Locate;
  /** Null on real clusters. */
  readonly lab: { readonly spec: LabSpec; readonly process: LabProcess } | null;
  readonly close: () => Promise<void>;
}

/** An experiment and its inventory, checked against each other. */
export interface ReadStudy {
  readonly parsed: ReturnType<typeof parseExperiment>;
  readonly target: ParsedInventory;
}

/** Reads and checks both files, before anything is started or touched. */
export async function readStudy(file: string, options: StudyOptions): Promise<ReadStudy> {
  const written = parseExperiment(await readText(file, "experiment"), file, {
    resolvePath: besides(file),
    readFile: (path) => readFileSync(path, "utf8"),
  });
  const inventoryFile = options.inventory ?? forMessages(written.inventoryFile);
  if (inventoryFile === null) {
    throw new OperatingError(
      "configuration",
      `${file}: it names no inventory: add \`inventory: <file>\` to it, or pass --inventory <file>`,
    );
  }
  const target = await loadInventory(inventoryFile);
  const parsed = {
    ...written,
    experiment: onCluster(narrowed(written.experiment, options), target, options),
  };
  checkExperiment(parsed, target);
  return { parsed, target };
}

/** The same; then starts the lab where they ask for one. */
export async function loadStudy(file: string, options: StudyOptions): Promise<LoadedStudy> {
  return await startStudy(await readStudy(file, options), options);
}

export async function startStudy(
  { parsed, target }: ReadStudy,
  options: StudyOptions,
): Promise<LoadedStudy> {
  const { experiment } = parsed;
  if (target.kind === "inventory") {
    return {
      experiment,
      inventory: target.inventory,
      locateInInventory: target.locate,
      lab: null,
      close: () => Promise.resolve(),
    };
  }
  return await onEmbeddedLab(parsed, experiment, withSpeed(target.lab, options));
}

export interface LoadedClusters {
  readonly inventory: Inventory;
  /** Null on real clusters. */
  readonly lab: LabSpec | null;
  readonly close: () => Promise<void>;
}

/** The clusters of an inventory; the embedded lab, where it asks for one, runs until `close`. */
export async function loadClusters(
  file: string,
  options: { readonly speed?: number },
): Promise<LoadedClusters> {
  const parsed = await loadInventory(file);
  if (parsed.kind === "inventory") {
    return { inventory: parsed.inventory, lab: null, close: () => Promise.resolve() };
  }
  const lab = withSpeed(parsed.lab, options);
  const { inventory, process } = await startEmbeddedLab(lab);
  return { inventory: inventory.inventory, lab, close: () => process.stop() };
}

export async function loadInventory(file: string): Promise<ParsedInventory> {
  const text = await readText(file, "inventory");
  const parsed = parseInventory(text, file, { resolvePath: besides(file) });
  // It says who may be killed and by what; the description of a lab says nothing of anybody.
  if (manners.strict && parsed.kind === "inventory") await ownerOnly("inventory", file);
  return parsed;
}

export const withSpeed = (lab: LabSpec, options: { readonly speed?: number }): LabSpec =>
  options.speed === undefined ? lab : { ...lab, speed: options.speed };

async function onEmbeddedLab(
  parsed: ReturnType<typeof parseExperiment>,
  experiment: Experiment,
  spec: LabSpec,
): Promise<LoadedStudy> {
  const { inventory, process } = await startEmbeddedLab(spec);
  try {
    checkExperiment(parsed, inventory);
    return {
      experiment,
      inventory: inventory.inventory,
      locateInInventory: inventory.locate,
      lab: { spec, process },
      close: () => process.stop(),
    };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

/** An experiment written for one cluster runs on another of its kind when the user says so. */
function onCluster(
  experiment: Experiment,
  target: ParsedInventory,
  { cluster: name }: StudyOptions,
): Experiment {
  if (name === undefined) return experiment;
  const clusters = target.kind === "lab" ? target.lab.clusters : target.inventory.clusters;
  const cluster = clusters.find((each) => each.name === name);
  if (cluster === undefined) {
    const file = target.kind === "lab" ? target.file : target.inventory.file;
    throw new OperatingError(
      "configuration",
      `--cluster ${name}: ${file} has no such cluster; it has ${clusters.map((each) => each.name).join(", ")}`,
    );
  }
  return {
    ...experiment,
    arms: experiment.arms.map((arm) =>
      arm.desktop.kind === cluster.kind ? { ...arm, cluster: name } : arm,
    ),
  };
}

/** A lab, and the ordinary inventory that it wrote. */
export async function startEmbeddedLab(spec: LabSpec): Promise<{
  readonly process: LabProcess;
  readonly inventory: Extract<ParsedInventory, { kind: "inventory" }>;
}> {
  const process = await startLabProcess(spec);
  try {
    const inventory = await loadInventory(process.inventoryPath);
    if (inventory.kind === "inventory") return { process, inventory };
    throw new OperatingError("protocol", "the lab wrote an inventory that asks for a lab");
  } catch (error) {
    await process.stop();
    throw error;
  }
}

function narrowed(experiment: Experiment, options: StudyOptions): Experiment {
  const wanted = options.arm;
  const unknown = wanted?.find((name) => !experiment.arms.some((arm) => arm.name === name));
  if (unknown !== undefined) {
    throw new OperatingError(
      "configuration",
      `--arm ${unknown}: ${experiment.file} has no such arm; it has ${experiment.arms.map((arm) => arm.name).join(", ")}`,
    );
  }
  const arms = experiment.arms
    .filter((arm) => wanted === undefined || wanted.includes(arm.name))
    .map((arm) => ({ ...arm, trials: options.trials ?? arm.trials }));
  const kept = (arm: string | null): boolean =>
    arm === null || arms.some((each) => each.name === arm);
  return {
    ...experiment,
    arms,
    seed: options.seed ?? experiment.seed,
    overrides: [
      ...new Set([...experiment.overrides, ...(options.override ?? []).map(overrideNamed)]),
    ],
    references: experiment.references.filter((reference) => kept(reference.arm)),
    acceptance: {
      ...experiment.acceptance,
      rules: experiment.acceptance.rules.filter((rule) => kept(rule.arm)),
    },
  };
}

function overrideNamed(name: string): OverridableGuard {
  const parsed = parseOverride(name);
  if ("value" in parsed) return parsed.value;
  throw new OperatingError("configuration", `--override ${name}: ${parsed.problem}`);
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new OperatingError("configuration", `${file}: Cannot read the ${what}: ${whyNot(error)}`);
  }
}

const besides =
  (file: string) =>
  (path: string): string =>
    resolve(dirname(file), path);

const forMessages = (path: string | null): string | null =>
  path === null ? null : relative(process.cwd(), path) || path;

function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return describeError(error);
}
