import type { Experiment } from "../../model/experiment.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { allowedHint } from "../nearest.ts";
import type { Locate, Path, Problem } from "../problem.ts";
import { renderPath, throwIfAny } from "../problem.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { validate } from "../schema/validate.ts";
import type { YamlSource } from "../yaml/read-yaml.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { isRecord } from "../yaml/value-at.ts";
import type { ExperimentFile } from "./experiment-schema.ts";
import { experimentFile } from "./experiment-schema.ts";
import { mergeDefaults, nearestWrittenPath, writtenPath } from "./merge-defaults.ts";
import { readReference } from "./read-reference.ts";

export interface ParsedExperiment {
  readonly experiment: Experiment;
  /** The inventory that the file names, resolved; null when it names none. */
  readonly inventoryFile: string | null;
  /** Places by the paths of the file: `["arms", "kubernetes", "fault"]`. */
  readonly locate: Locate;
}

/** How the outside is reached: for the files that an experiment names. Both may throw; `readFile` gets a resolved path. */
export interface ExperimentFiles {
  readonly resolvePath: ResolvePath;
  readonly readFile: (path: string) => string;
}

/** Throws `ConfigurationProblems` with everything that is wrong. `file` is for messages, and names the experiment. */
export function parseExperiment(
  text: string,
  file: string,
  files: ExperimentFiles,
): ParsedExperiment {
  const source = withDefaults(readYaml(text, file));
  const parsed = validate(experimentFile(files.resolvePath), source);
  const problems: Problem[] = [];
  const report = (path: Path, message: string): void => {
    const field = renderPath(source.written(path));
    problems.push({ file, ...source.locate(path), field, message });
  };
  checkNames(parsed, report);
  const references = parsed.references.flatMap((entry, index) => {
    const read = readReference(entry, () => files.readFile(files.resolvePath(entry.csv)));
    if (!("problem" in read)) return [read];
    report(["references", index, read.key], read.problem);
    return [];
  });
  throwIfAny(problems);
  return deepFreeze({
    experiment: normalised(parsed, references, file),
    inventoryFile: parsed.inventory,
    locate: source.locate,
  });
}

function normalised(
  parsed: ExperimentFile,
  references: Experiment["references"],
  file: string,
): Experiment {
  const name = parsed.name ?? baseName(file);
  return {
    file,
    name,
    title: parsed.title ?? name,
    description: parsed.description,
    seed: parsed.seed,
    order: parsed.order,
    arms: Object.entries(parsed.arms).map(([armName, arm]) => ({ name: armName, ...arm })),
    hooks: parsed.hooks,
    acceptance: parsed.acceptance,
    references,
    overrides: [...new Set(parsed.overrides)],
  };
}

/** Arms that rules and references speak of, and numbers that no run could reach. */
function checkNames(parsed: ExperimentFile, report: (path: Path, message: string) => void): void {
  const arms = Object.keys(parsed.arms);
  const unknown = (arm: string): string => `"${arm}" is not an arm; ${allowedHint(arm, arms)}`;
  for (const { arm } of parsed.acceptance.rules) {
    if (arm !== null && !arms.includes(arm)) report(["acceptance"], unknown(arm));
  }
  for (const [index, { arm }] of parsed.references.entries()) {
    if (!arms.includes(arm)) report(["references", index, "arm"], unknown(arm));
  }
  const wanted = parsed.acceptance.min_valid ?? 0;
  for (const [name, arm] of Object.entries(parsed.arms)) {
    if (wanted > arm.trials) {
      report(["acceptance", "min_valid"], `is ${wanted}, but ${name} has ${arm.trials} trials`);
    }
  }
}

/** The source as if each arm had been written out; places still lead to where a value really is. */
function withDefaults(source: YamlSource): YamlSource {
  return {
    file: source.file,
    value: isRecord(source.value) ? mergeDefaults(source.value) : source.value,
    locate: (path) => source.locate(nearestWrittenPath(source, path)),
    locateKey: (path) => source.locateKey(nearestWrittenPath(source, path)),
    written: (path) => writtenPath(source, path),
  };
}

const baseName = (file: string): string =>
  (file.split(/[/\\]/).at(-1) ?? file).replace(/\.ya?ml$/, "");
