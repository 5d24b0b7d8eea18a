import type { RangeMs } from "../../src/base/interval.ts";
import type { Explanation, Wait } from "../../src/model/explanation.ts";

/** What is wrong with a sum of waits that should be the recovery; empty when nothing is. */
export function wrongSum(
  { waits }: Pick<Explanation, "waits">,
  recovery: RangeMs,
): readonly string[] {
  const sum = (of: (wait: Wait) => number): number =>
    waits.reduce((total, wait) => total + of(wait), 0);
  const [low, high, likely] = [
    sum(({ ms }) => ms[0]),
    sum(({ ms }) => ms[1]),
    sum((wait) => wait.likely_ms),
  ];
  const middle = (recovery[0] + recovery[1]) / 2;
  const slack = 1e-3;
  return [
    ...(low > recovery[0] + slack ? [`lows add up to ${low} > ${recovery[0]}`] : []),
    ...(high < recovery[1] - slack ? [`highs add up to ${high} < ${recovery[1]}`] : []),
    ...(Math.abs(likely - middle) > slack ? [`middles add up to ${likely}, not ${middle}`] : []),
    ...waits
      .filter(({ ms, likely_ms }) => likely_ms < ms[0] - slack || likely_ms > ms[1] + slack)
      .map(({ name, ms, likely_ms }) => `${name}: ${likely_ms} is not in ${ms.join(" .. ")}`),
  ];
}
