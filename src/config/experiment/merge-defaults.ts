import type { Path } from "../problem.ts";
import type { YamlSource } from "../yaml/read-yaml.ts";
import { isRecord, valueAt } from "../yaml/value-at.ts";

/** An experiment's plain data in which every arm has what `defaults:` says and the arm itself does not. */
export function mergeDefaults(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value["defaults"]) || !isRecord(value["arms"])) return value;
  const { defaults, arms, ...rest } = value;
  const merged = Object.entries(arms).map(([name, arm]) => [name, merge(defaults, arm)]);
  return { ...rest, arms: Object.fromEntries(merged) };
}

/** The path under `defaults` for what an arm took from there, else the path itself. */
export function writtenPath(source: YamlSource, path: Path): Path {
  const [root, , ...inside] = path;
  if (root !== "arms" || valueAt(source.value, path) !== undefined) return path;
  const inherited = ["defaults", ...inside];
  return inside.length > 0 && valueAt(source.value, inherited) !== undefined ? inherited : path;
}

/** The same, for the nearest parent that is written anywhere, so that its position can be told. */
export function nearestWrittenPath(source: YamlSource, path: Path): Path {
  const written = writtenPath(source, path);
  if (path.length === 0 || valueAt(source.value, written) !== undefined) return written;
  return nearestWrittenPath(source, path.slice(0, -1));
}

/** Maps are merged key by key. One of another `kind` replaces the default whole, since its keys mean other things. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isRecord(base) || !isRecord(over) || isOtherKind(base, over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries(Array.from(keys, (key) => [key, merge(base[key], over[key])]));
}

const isOtherKind = (
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): boolean => over["kind"] !== undefined && base["kind"] !== over["kind"];
