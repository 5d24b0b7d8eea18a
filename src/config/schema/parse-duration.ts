import { formatDuration, milliseconds } from "../../base/time.ts";

const UNITS_IN_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;
/** 30 days: longer than any run, and far within what a timer and a double can hold. */
const LONGEST_MS = 30 * 24 * 3_600_000;

/** `250ms`, `90s`, `5m`, `1h`, `1m30s` in milliseconds; limits in milliseconds too. */
export function parseDuration(
  text: string,
  limits: { readonly min?: number; readonly max?: number } = {},
): { readonly value: number } | { readonly problem: string } {
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    return { problem: `${text} has no unit; write ${text}ms, ${text}s, ${text}m or ${text}h` };
  }
  const { min = 0, max = LONGEST_MS } = limits;
  if (!WHOLE.test(text)) {
    return { problem: `${shown(text)} is not a duration; write 250ms, 90s, 5m or 1h` };
  }
  const value = [...text.matchAll(PART)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS_IN_MS[unit ?? ""] ?? 0),
    0,
  );
  if (value < min) return { problem: `must be at least ${people(min)}, is ${text}` };
  if (value > max) return { problem: `must be at most ${people(max)}, is ${text}` };
  return { value };
}

const people = (ms: number): string => formatDuration(milliseconds(ms));
const shown = (text: string): string => (text.length > 40 ? "this" : `"${text}"`);
