import { sinceOrigin } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { SpanNs } from "../player/truth.ts";
import { machineNs } from "../player/truth.ts";

const READINGS = 1000;

/** Where the origin of `clock` lies on the machine's monotonic clock: from readings of both, the closest of many. */
export function originOf(clock: Clock): SpanNs {
  let best: SpanNs = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let reading = 0; reading < READINGS; reading++) {
    const before = machineNs();
    const now = sinceOrigin(clock.now());
    const after = machineNs();
    if (after - before < best[1] - best[0]) best = [before - now, after - now];
  }
  return best;
}
