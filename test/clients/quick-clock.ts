import { inMs, milliseconds, nanoseconds, zero } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";

const SPEED = 50;
/** Real time for one deadline floor: enough for our own small servers, as long as nobody waits for it in vain too often. */
const FLOOR_MS = 50;

/** For tests that wait deadlines out: waits take a fiftieth of their time, and deadlines little more than the work needs. */
export function quickClock(floorMs = FLOOR_MS): Clock {
  const real = new SystemClock();
  return {
    speed: SPEED,
    floor: { deadline: milliseconds(floorMs * SPEED), period: zero, lateness: zero },
    now: () => real.now(),
    wall: () => real.wall(),
    sleep: async (duration, signal) => await real.sleep(nanoseconds(duration / SPEED), signal),
    timeout: (duration) => real.timeout(milliseconds(Math.max(inMs(duration) / SPEED, floorMs))),
  };
}
