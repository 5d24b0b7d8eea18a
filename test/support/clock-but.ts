import type { Clock } from "../../src/contracts/clock.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";

/** The machine's own clock, but for these. */
export function clockBut(changes: Partial<Clock>): Clock {
  const real = new SystemClock();
  return {
    speed: real.speed,
    floor: real.floor,
    now: () => real.now(),
    wall: () => real.wall(),
    sleep: real.sleep.bind(real),
    timeout: real.timeout.bind(real),
    ...changes,
  };
}
