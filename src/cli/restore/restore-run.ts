import { describeError, OperatingError } from "../../base/errors.ts";
import type { Inventory } from "../../model/inventory.ts";
import { readPlan } from "../../store/plan-file.ts";
import type { JournalContents } from "../../store/read-journal.ts";
import { readJournal } from "../../store/read-journal.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { byHand } from "../../study/restore/by-hand.ts";
import { pendingIn } from "../../study/restore/pending.ts";
import type { RestoreLocks } from "../../study/restore/restore-locks.ts";
import type { Left, Unfinished } from "../../study/restore/restore.ts";
import { restore } from "../../study/restore/restore.ts";
import { secretsFor } from "../surroundings.ts";
import { version } from "../version.ts";
import { ownerIn } from "../owner-in.ts";
import { isOwnerDead } from "./is-over.ts";
import type { RestoreJournal } from "./restore-journal.ts";
import { closeAll, openJournal } from "./restore-journal.ts";
import { isGone, RestoreWorld } from "./restore-world.ts";
import type { SeenIdentities } from "./restore-world.ts";
import type { Restoring } from "./restoring.ts";
import { locksFor, tellingOn } from "./restoring.ts";

/** Takes back what a run's journal says is left, and notes it there. Null: there was nothing. */
export async function restoreRun(
  folder: RunFolder,
  inventory: Inventory | null,
  how: Restoring,
): Promise<readonly Left[] | null> {
  const plan = await readPlan(folder.plan);
  const before = await readJournal(folder.journal);
  if (pendingIn(before.records).isSettled) return null;
  const reached = inventory ?? plan.inventory;
  const known = unfinishedIn(plan.run, before);
  const { names } = known;
  const world = new RestoreWorld(reached, names, secretsFor(how.terminal), identitiesIn(before));
  const locks = locksFor(plan.run, world, how);
  try {
    const clusters = reached.clusters.filter(({ name }) => names.includes(name));
    const gone = clusters.length > 0 && clusters.every(isGone);
    const silent = gone ? new Map<string, string>() : await assertEnded(known, locks, how);
    // From here on nobody else writes it; until then somebody may have.
    const contents = await readJournal(folder.journal);
    const { unfinished } = unfinishedIn(plan.run, contents);
    const journal = await openJournal(contents, world.clock, tellingOn(how.terminal));
    try {
      await journal.note({ kind: "restore-started", tool: version });
      if (gone) await closeAll(unfinished, journal.note);
      const left = gone
        ? []
        : await takeBack(unfinished, silent, { world, locks, note: journal.note, how });
      await journal.note({ kind: "restore-ended", left: left.length });
      return left;
    } finally {
      await journal.close();
    }
  } finally {
    locks.close();
    await world.close();
  }
}

/**
 * Rejects with `unsafe` while the run, somebody who restores it, or another run is at one of its clusters; has their locks
 * from then on. Why a cluster could not be asked, by its name: of a run whose cluster is silent nobody knows whether it is over.
 */
async function assertEnded(
  { unfinished: { run, owed }, names, owner }: Known,
  locks: RestoreLocks,
  { now, stop }: Restoring,
): Promise<ReadonlyMap<string, string>> {
  const silent = new Map<string, string>();
  const isDead = now || isOwnerDead(run, owner);
  for (const name of names) {
    try {
      const owedHere = owed.filter(({ undo }) => undo.cluster === name);
      await locks.enter(name, owedHere, stop);
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof OperatingError && error.code === "unsafe") throw error;
      // Of a run that is dead the nodes are switched on without the API.
      if (!isDead) silent.set(name, describeError(error));
    }
  }
  return silent;
}

async function takeBack(
  { run, owed, locks: names }: Unfinished,
  silent: ReadonlyMap<string, string>,
  parts: {
    readonly world: RestoreWorld;
    readonly locks: RestoreLocks;
    readonly note: RestoreJournal["note"];
    readonly how: Restoring;
  },
): Promise<readonly Left[]> {
  const { clock, cluster, fault } = parts.world;
  const { terminal, stop } = parts.how;
  const reachable: Unfinished = {
    run,
    owed: owed.filter(({ undo }) => !silent.has(undo.cluster)),
    locks: names.filter((name) => !silent.has(name)),
  };
  const { locks, note } = parts;
  const more = { clock, cluster, fault, locks, tell: tellingOn(terminal), note };
  const left = await restore(reachable, more, stop);
  return [...left, ...leftOn(silent, owed)];
}

const leftOn = (silent: ReadonlyMap<string, string>, owed: Unfinished["owed"]): readonly Left[] =>
  [...silent].flatMap(([name, why]) => [
    ...owed
      .filter(({ undo }) => undo.cluster === name)
      .toReversed()
      .map(({ act, undo }) => ({ what: act, why, byHand: byHand(undo), refused: false })),
    {
      what: `the lock of ${name}`,
      why,
      byHand: `restore it again once ${name} answers`,
      refused: false,
    },
  ]);

interface Known {
  readonly unfinished: Unfinished;
  /** Whose process did the run last; null: a version that did not say. */
  readonly owner: string | null;
  /** The clusters that something is owed to, or whose lock is held. */
  readonly names: readonly string[];
}

function unfinishedIn(run: string, { records }: JournalContents): Known {
  const pending = pendingIn(records);
  const [owed, locks] = [pending.owed(), pending.locks()];
  return {
    unfinished: { run, owed, locks },
    owner: ownerIn(records),
    names: [...new Set([...owed.map(({ undo }) => undo.cluster), ...locks])],
  };
}

const identitiesIn = ({ records }: JournalContents): SeenIdentities =>
  new Map(
    records.flatMap(({ event }) =>
      event.kind === "cluster-identified" ? [[event.cluster, event.identity] as const] : [],
    ),
  );
