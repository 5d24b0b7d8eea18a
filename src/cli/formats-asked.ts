import { OperatingError } from "../base/errors.ts";
import { allowedHint } from "../config/nearest.ts";
import type { Format } from "../reporters/reporters.ts";
import { formats } from "../reporters/reporters.ts";

export interface NamedFormat extends Format {
  readonly name: string;
}

const ALL = "all";

/** The formats that `--format a,b` asks for, in the order in which they are written; of no name: those by default. */
export function formatsAsked(names: readonly string[]): readonly NamedFormat[] {
  const unknown = names.find((name) => name !== ALL && !formats.has(name));
  if (unknown !== undefined) {
    const hint = allowedHint(unknown, [...formats.keys(), ALL]);
    throw new OperatingError(
      "configuration",
      `--format ${unknown}: there is no such format; ${hint}`,
    );
  }
  const isAsked = ({ name, byDefault }: NamedFormat): boolean =>
    names.length === 0 ? byDefault : names.includes(ALL) || names.includes(name);
  return [...formats].map(([name, format]) => ({ name, ...format })).filter(isAsked);
}

/** One line for each, for `--help`. */
export function formatsInWords(): string {
  const widest = Math.max(...[...formats.keys()].map((name) => name.length));
  return [...formats]
    .map(
      ([name, { about, byDefault }]) =>
        `  ${name.padEnd(widest)}  ${byDefault ? "* " : "  "}${about}`,
    )
    .join("\n");
}
