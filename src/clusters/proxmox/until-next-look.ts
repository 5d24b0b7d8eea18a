import type { Instant } from "../../base/time.ts";
import { between, longer, zero } from "../../base/time.ts";
import type { Pulses } from "./pulses.ts";
import { PULSE_PERIOD } from "./pulses.ts";
import type { Session } from "./session.ts";

/**
 * Waits until the next look is due, and asks the host of the last one meanwhile whether it lives. Null when it is due;
 * why it is due at once when that host has died.
 */
export async function untilNextLook(
  { api, clock, memory }: Session,
  pulses: Pulses,
  next: Instant,
  signal: AbortSignal,
): Promise<string | null> {
  const period = longer(PULSE_PERIOD, clock.floor.period);
  for (;;) {
    const left = longer(zero, between(clock.now(), next));
    const host = memory.latestLook?.host ?? null;
    if (host === null || left <= period) {
      await clock.sleep(left, signal);
      return null;
    }
    await clock.sleep(period, signal);
    if (!api.hosts().includes(host)) continue;
    const why = await pulses.pulse(host, signal);
    if (why !== null && api.hosts().includes(host)) return why;
  }
}
