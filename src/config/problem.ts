import { OperatingError } from "../base/errors.ts";

/** From the file's root to a value, by the keys and indexes of the file itself. */
export type Path = readonly (string | number)[];

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a path of the parsed file is written; a path that is not there gives its nearest parent. */
export type Locate = (path: Path) => Position;

export interface Problem extends Position {
  readonly file: string;
  /** `arms.kubernetes.fault.kind`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong, and what is allowed. Never holds a secret. */
  readonly message: string;
}

/** More than these help nobody; the rest is counted. */
const SHOWN_PROBLEMS = 20;

/** Everything that is wrong with one file, so that the user need not find it one by one. */
export class ConfigurationProblems extends OperatingError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super("configuration", render(sorted), { facts: { problems: sorted.length } });
    this.name = "ConfigurationProblems";
    this.problems = sorted;
  }
}

export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigurationProblems(problems);
}

/** `file:line:column: field: what is wrong, what is allowed`. */
export function renderProblem(problem: Problem): string {
  const field = problem.field === "" ? "" : `${problem.field}: `;
  return `${problem.file}:${problem.line}:${problem.column}: ${field}${problem.message}`;
}

/** `arms.kubernetes.rules[2]`. */
export function renderPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

function render(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN_PROBLEMS).map(renderProblem);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `... and ${more} more`].join("\n") : lines.join("\n");
}
