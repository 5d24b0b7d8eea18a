import type { Document, LineCounter as Lines, YAMLError } from "yaml";
import { LineCounter, parseDocument } from "yaml";
import type { Locate, Path, Position, Problem } from "../problem.ts";
import { ConfigurationProblems } from "../problem.ts";
import { nestingOf } from "./nesting.ts";
import { nodeAt } from "./node-at.ts";

/** A parsed file whose values still know where they were written. */
export interface YamlSource {
  readonly file: string;
  /** Plain data, not yet validated. */
  readonly value: unknown;
  /** Position of the value at a path; of its key where `key` is true. */
  readonly locate: Locate;
  readonly locateKey: Locate;
  /** The path under which the file itself holds what `value` has at a path. */
  readonly written: (path: Path) => Path;
}

/** Files are written by people; anything larger is a mistake. */
const MAXIMUM_CHARACTERS = 1024 * 1024;
/** Aliases of aliases grow without bound ("billion laughs"). */
const MAXIMUM_ALIASES = 100;
/** Our deepest field lies 8 deep. */
const MAXIMUM_NESTING = 100;
const START: Position = { line: 1, column: 1 };

/** YAML 1.2 (JSON included) as plain data. Throws `ConfigurationProblems` for text that is not well-formed. */
export function readYaml(text: string, file: string): YamlSource {
  const whole = (message: string): ConfigurationProblems =>
    new ConfigurationProblems([{ file, ...START, field: "", message }]);
  if (text.length > MAXIMUM_CHARACTERS) throw whole("is larger than 1 MiB");
  if (nestingOf(text) > MAXIMUM_NESTING) throw whole("is nested too deeply");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ConfigurationProblems(faults.map((fault) => problemOf(fault, file, lines)));
  }
  const value = plainValue(document, whole);
  if (value === null || value === undefined) throw whole("is empty");
  return {
    file,
    value,
    locate: (path) => position(nodeAt(document, path).value, lines),
    locateKey: (path) => position(nodeAt(document, path).key, lines),
    written: (path) => path,
  };
}

function plainValue(document: Document, whole: (message: string) => Error): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
    // Throws for a value that holds itself, which no later step could walk through.
    JSON.stringify(value);
    return value;
  } catch (error) {
    if (error instanceof TypeError) throw whole("has an alias (*name) inside its own anchor");
    if (error instanceof ReferenceError) throw whole(explainAlias(error));
    throw error;
  }
}

const explainAlias = (error: ReferenceError): string =>
  error.message.startsWith("Excessive alias count")
    ? "has too many aliases (*name) of one anchor"
    : `has an alias (*name) of no anchor (&name): ${error.message}`;

function problemOf(fault: YAMLError, file: string, lines: Lines): Problem {
  return { file, ...position(fault.pos[0], lines), field: "", message: explain(fault) };
}

const EXPLAINED: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key is given twice in one map; remove one",
  MULTIPLE_DOCS: "a second document starts here; one file holds one document",
  TAB_AS_INDENT: "is indented by a tab; YAML allows only spaces",
};

const explain = (fault: YAMLError): string =>
  EXPLAINED[fault.code] ?? `is not well-formed YAML: ${fault.message.split("\n")[0]}`;

function position(offset: number, lines: Lines): Position {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? START : { line, column: col };
}
