import type { Duration } from "../../base/time.ts";
import { longer, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Patience } from "../shared/patience.ts";

/** How long the API is waited for. */
export const patience = {
  /** TCP and TLS: SYNs go out at 0, 1 and 3 s. */
  connect: { least: seconds(5), floors: 3 },
  /** Status calls answer in under 0.5 s, even in corosync's freeze; a refused token takes 3 s, a dead peer up to 9 (facts 7). */
  read: { least: seconds(10), floors: 5 },
  /** A write waits out corosync's freeze (8 s on three nodes, longer on more); pveproxy itself gives up after 30 s. */
  write: { least: seconds(40), floors: 10 },
  /** One of many looks: a host that is slower than this is left for the next one. */
  look: { least: seconds(4), floors: 3 },
} as const satisfies Readonly<Record<string, Patience>>;

/** Distance of two looks at something that is waited for: a second, as PVE's own web interface does at its fastest. */
export const lookEvery = (clock: Clock): Duration => longer(seconds(1), clock.floor.period);
