import type { Owed } from "./undo.ts";

/** What a cluster's lock says: who has it, and what must be taken back should that run never come back. */
export interface LockNote {
  readonly format: 1;
  readonly run: string;
  /** `ada@bench, process 4711 (boot 5f0c..., pid namespace 4026531836)`: for people, and to look that process up. */
  readonly owner: string;
  /** ISO 8601 by the holder's clock, as all stamps here: labels, never subtracted from another clock's. */
  readonly taken: string;
  readonly renewed: string;
  /** `renewed` and the time to live. */
  readonly expires: string;
  /** A holder that is alive renews several times in this time. */
  readonly ttl_ms: number;
  /** The oldest first. On the cluster before the act. */
  readonly owed: readonly Owed[];
}

/** By run alone two processes that go on with one run would both take its lock for theirs. */
export const isSameHolder = (a: Holder, b: Holder): boolean =>
  a.run === b.run && a.owner === b.owner;

type Holder = Pick<LockNote, "run" | "owner">;
