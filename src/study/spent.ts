import type { Instant } from "../base/time.ts";
import { before, between, inMs, milliseconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { Spending } from "./guards/guard.ts";

interface Earlier {
  readonly kills: ReadonlyMap<string, number>;
  readonly elapsed_ms: number;
}

/** What a run has used up of what its clusters' safety limits allow. */
export class Spent {
  readonly #clock: Clock;
  readonly #since: Instant;
  readonly #kills: Map<string, number>;

  /** `earlier`: what the same run did in processes before this one. */
  constructor(clock: Clock, earlier: Earlier = { kills: new Map(), elapsed_ms: 0 }) {
    this.#clock = clock;
    this.#since = before(clock.now(), milliseconds(earlier.elapsed_ms));
    this.#kills = new Map(earlier.kills);
  }

  /** One more on this cluster is about to be done. */
  kill(cluster: string): void {
    this.#kills.set(cluster, (this.#kills.get(cluster) ?? 0) + 1);
  }

  on(cluster: string): Spending {
    return {
      kind: "spent",
      kills: this.#kills.get(cluster) ?? 0,
      elapsed_ms: inMs(between(this.#since, this.#clock.now())),
    };
  }
}

/** By what its journal says. */
export function spentIn(records: readonly JournalRecord[]): Earlier {
  const clusters = new Map<string, string>();
  const kills = new Map<string, number>();
  for (const { event } of records) {
    if (event.kind === "trial-started") clusters.set(event.trial, event.cluster);
    if (event.kind !== "fault-requested") continue;
    const cluster = clusters.get(event.trial) ?? "";
    kills.set(cluster, (kills.get(cluster) ?? 0) + 1);
  }
  return { kills, elapsed_ms: records.at(-1)?.at_ms ?? 0 };
}
