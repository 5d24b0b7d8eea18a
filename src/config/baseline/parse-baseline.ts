import type { Baseline } from "../../model/baseline.ts";
import { deepFreeze } from "../deep-freeze.ts";
import { validate } from "../schema/validate.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { baselineFile } from "./baseline-schema.ts";

/** A baseline from its text, or `ConfigurationProblems` that name file, line and field. JSON is read as the YAML that it is. */
export const parseBaseline = (text: string, file: string): Baseline =>
  deepFreeze(validate(baselineFile(), readYaml(text, file)));
