import { longer, milliseconds, zero } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import type { EffectiveGrid } from "../contracts/probe.ts";
import type { ProbeSpec } from "../model/experiment.ts";

/** What the clock and the endpoint make of the asked-for grid: nothing finer than they can honour. */
export function effectiveGrid(
  spec: ProbeSpec,
  endpoint: Endpoint,
  floor: Pick<Clock["floor"], "deadline" | "period">,
): EffectiveGrid {
  const manners = endpoint.kind === "ticket" ? milliseconds(endpoint.minimum_period_ms) : zero;
  return {
    period: longer(longer(milliseconds(spec.period_ms), floor.period), manners),
    connectTimeout: longer(milliseconds(spec.connect_timeout_ms), floor.deadline),
    attemptTimeout: longer(milliseconds(spec.attempt_timeout_ms), floor.deadline),
  };
}
