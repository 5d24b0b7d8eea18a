import { isObject } from "./parse-json.ts";

/** Takes secrets out of a text. */
export type Scrub = (text: string) => string;

/**
 * Where texts stand that a server, a guest or an error has worded, and in which it may have repeated a secret. All else
 * (names, ids, how acts are taken back) is what a later process finds its way by: it is left as it is, though a password
 * should be a node's name.
 */
const PROSE = new Set([
  "detail",
  "endpoint",
  "error",
  "evidence",
  "needs",
  "problems",
  "raw",
  "reason",
  "said",
  "saw",
]);

/** The same data with its prose scrubbed. */
export function scrubProse(value: unknown, scrub: Scrub, prose = false): unknown {
  if (typeof value === "string") return prose ? scrub(value) : value;
  if (Array.isArray(value)) return value.map((each) => scrubProse(each, scrub, prose));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "undo" || key === "owed" ? inner : scrubProse(inner, scrub, prose || PROSE.has(key)),
    ]),
  );
}
