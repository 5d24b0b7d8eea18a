import type { LiveState } from "../live/live-state.ts";
import { segmentsNow, segmentsOf } from "./segments.ts";

/** Where nothing is known yet: a minute. */
const AT_LEAST_MS = 60_000;

/** What the bars' axis must hold: in few steps, so that the bars do not move all the time. */
export function longestOf({ trial, results }: LiveState, now_ms: number): number {
  const ends = results.flatMap(({ instants, predicted_ms }) => [
    segmentsOf(instants).at(-1)?.to_ms ?? 0,
    predicted_ms?.[1] ?? 0,
  ]);
  const now = trial === null ? 0 : (segmentsNow(trial, now_ms).at(-1)?.to_ms ?? 0);
  const longest = [...ends, now, trial?.predicted_ms?.[1] ?? 0].reduce(
    (most, ms) => Math.max(most, ms),
    AT_LEAST_MS,
  );
  return rounded(longest * 1.02);
}

/** Up to 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten. */
export function rounded(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= ms) ?? 10;
  return Math.round(step * power);
}
