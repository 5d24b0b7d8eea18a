import type { Refusal } from "../../model/journal.ts";
import type { LockNote } from "../../model/lock.ts";
import { holderInWords } from "./held-lock.ts";

/** Why nobody else may touch a cluster whose lock is taken, and how it gets free. */
export const lockRefusal = (cluster: string, note: LockNote): Refusal => ({
  guard: "cluster-lock",
  saw: holderInWords(note),
  needs: `that run to end; or, if it is dead, its cluster restored: blackout restore --cluster ${cluster}`,
});
