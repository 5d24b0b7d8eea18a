import { OperatingError } from "../base/errors.ts";
import { milliseconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { ClusterIdentity } from "../model/cluster-facts.ts";
import type { RunPlan } from "../model/plan.ts";
import { ShiftedClock } from "../platform/shifted-clock.ts";
import { FileJournal } from "../store/file-journal.ts";
import { readPlan } from "../store/plan-file.ts";
import type { JournalContents } from "../store/read-journal.ts";
import { readJournal } from "../store/read-journal.ts";
import type { RunFolder } from "../store/run-folder.ts";
import { openRunFolder } from "../store/run-folder.ts";
import { identityRefusals } from "../study/guard.ts";
import type { Missing } from "../study/missing-trials.ts";
import { missingTrials } from "../study/missing-trials.ts";
import { pendingIn } from "../study/restore/pending.ts";
import { isOwnerGone } from "./owner.ts";
import { ownerIn } from "./owner-in.ts";
import { scrubber } from "./surroundings.ts";
import type { Wired } from "./wire.ts";

/** A run that goes on: what it was asked to do, and what of that is missing. */
export interface Resumed {
  readonly folder: RunFolder;
  readonly plan: RunPlan;
  readonly contents: JournalContents;
  readonly missing: Missing;
}

/** Reads it; rejects with `unsafe` while something of it is not taken back or its last process is alive, and with `configuration` when nothing is missing. */
export async function openResumed(path: string): Promise<Resumed> {
  const folder = await openRunFolder(path);
  const [plan, contents] = await Promise.all([readPlan(folder.plan), readJournal(folder.journal)]);
  assertNotAlive(path, ownerIn(contents.records));
  if (!pendingIn(contents.records).isSettled) {
    throw new OperatingError(
      "unsafe",
      `${path} left something behind: first take it back: blackout restore ${path}`,
    );
  }
  const missing = missingTrials(plan, contents.records);
  if (missing.trials.length === 0) {
    throw new OperatingError(
      "configuration",
      `${path} has no trial left to run (one that was interrupted is void, and not run again): blackout report ${path}`,
    );
  }
  return { folder, plan, contents, missing };
}

/** Between its locks a run owes nothing, and is at work all the same. */
function assertNotAlive(path: string, owner: string | null): void {
  if (owner === null || isOwnerGone(owner) !== false) return;
  throw new OperatingError(
    "unsafe",
    `${path} is still worked on by ${owner}: wait until that process has ended, or stop it with Ctrl-C, and resume it then`,
  );
}

/** Its time goes on where the journal ends. */
export const resumedClock = ({ contents }: Resumed, clock: Clock): Clock =>
  new ShiftedClock(clock, milliseconds(contents.records.at(-1)?.at_ms ?? 0));

/** The journal, with the trial closed that the run died in. */
export async function resumedJournal(
  { contents, missing }: Resumed,
  clock: Clock,
): Promise<FileJournal> {
  const journal = await FileJournal.continue(contents, clock, scrubber.scrub);
  for (const event of missing.closing) await journal.append(event);
  return journal;
}

/** Real clusters must be those that the run began with, also where the inventory pins none. */
export async function assertSameClusters(
  { plan, contents }: Resumed,
  wired: Wired,
  signal: AbortSignal,
): Promise<void> {
  if (plan.lab !== null) return;
  for (const { event } of contents.records) {
    const driver =
      event.kind === "cluster-identified" ? wired.clusters.get(event.cluster)?.driver : undefined;
    if (event.kind !== "cluster-identified" || driver === undefined) continue;
    assertSame(event.cluster, await driver.identify(signal), event.identity);
  }
}

function assertSame(cluster: string, seen: ClusterIdentity, before: ClusterIdentity): void {
  const [refusal] = identityRefusals(seen, before);
  if (refusal === undefined) return;
  throw new OperatingError(
    "unsafe",
    `${cluster} is not the cluster that the run began with: it is ${refusal.saw}, not ${refusal.needs}`,
  );
}
