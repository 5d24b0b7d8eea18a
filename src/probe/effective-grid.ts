import type { Duration } from "../base/time.ts";
import { longer, milliseconds, times } from "../base/time.ts";
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
  return {
    period: longer(milliseconds(spec.period_ms), shortestPeriod(endpoint, floor.period)),
    connectTimeout: longer(milliseconds(spec.connect_timeout_ms), floor.deadline),
    attemptTimeout: longer(milliseconds(spec.attempt_timeout_ms), floor.deadline),
  };
}

/** A console's attempt is two: it asks the API for a ticket first, over TLS like the console itself. */
const shortestPeriod = (endpoint: Endpoint, floor: Duration): Duration =>
  endpoint.kind === "ticket"
    ? longer(milliseconds(endpoint.minimum_period_ms), times(floor, 2))
    : floor;
