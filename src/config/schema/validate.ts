import type { z } from "zod";
import type { Problem } from "../problem.ts";
import { ConfigurationProblems, renderPath, renderProblem } from "../problem.ts";
import type { YamlSource } from "../yaml/read-yaml.ts";
import type { Finding } from "./describe-issue.ts";
import { describeIssue } from "./describe-issue.ts";

/** What the schema makes of the file's value, or `ConfigurationProblems` with all that is wrong. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  source: YamlSource,
): z.output<Schema> {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .flatMap((issue) => describeIssue(issue, source.value))
    .map((finding) => problemOf(finding, source));
  // A wrong default is found once in every arm that took it.
  const different = new Map(problems.map((problem) => [renderProblem(problem), problem]));
  throw new ConfigurationProblems([...different.values()]);
}

function problemOf({ path, atKey, message }: Finding, source: YamlSource): Problem {
  const position = atKey ? source.locateKey(path) : source.locate(path);
  return { file: source.file, ...position, field: renderPath(source.written(path)), message };
}
