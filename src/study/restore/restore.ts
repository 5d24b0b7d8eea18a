import type { ErrorCode } from "../../base/errors.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { minutes } from "../../base/time.ts";
import type { ClusterDriver } from "../../contracts/cluster-driver.ts";
import type { Fault } from "../../contracts/fault.ts";
import type { JournalEvent } from "../../model/journal.ts";
import type { Owed, Undo } from "../../model/undo.ts";
import { membersAgain } from "../members-again.ts";
import { limitFor } from "../patience.ts";
import { byHand } from "./by-hand.ts";
import type { Entered, RestoreLocks } from "./restore-locks.ts";
import { mayBeAnothers } from "./restore-locks.ts";
import type { ClusterReach } from "./right-cluster.ts";
import { RestoreRefused, rightCluster } from "./right-cluster.ts";

type HealFault = Extract<Undo, { kind: "heal-fault" }>;

/** What a run left behind. */
export interface Unfinished {
  readonly run: string;
  /** The oldest first. */
  readonly owed: readonly Owed[];
  /** Clusters whose lock the run may still have. */
  readonly locks: readonly string[];
}

export interface RestoreParts extends ClusterReach {
  readonly locks: RestoreLocks;
  readonly fault: (undo: HealFault) => Fault;
  /** Into the run's journal; never rejects, since a journal that cannot be written keeps no node off. */
  readonly note: (event: JournalEvent) => Promise<void>;
}

/** Something that could not be taken back. */
export interface Left {
  readonly what: string;
  readonly why: string;
  readonly byHand: string;
  /** It was not tried: another cluster, or another run is at it. */
  readonly refused: boolean;
}

/** For each act; a node may have to boot, a CRM to notice. */
const BUDGET: Duration = minutes(20);
/** An API server without its etcd, whose vote the victim held, answers each question with an error of its own. */
const SILENT: readonly ErrorCode[] = ["unreachable", "timed-out", "rejected"];
const LOCK_BUDGET = minutes(3);

/**
 * Takes back what is owed, the last act first, and gives back the locks of clusters to which nothing is owed any more. Every
 * act is tried, however others fared; each looks at what is really so, so that it may be repeated. What is left is returned.
 */
export async function restore(
  { run, owed, locks }: Unfinished,
  parts: RestoreParts,
  stop: AbortSignal,
): Promise<readonly Left[]> {
  const left: Left[] = [];
  const owing = new Set<string>();
  for (const each of owed.toReversed()) {
    const failure = await takeBack(each, owed, parts, stop);
    if (failure === null) continue;
    left.push(failure);
    owing.add(each.undo.cluster);
  }
  const names = new Set([...locks, ...owed.map(({ undo }) => undo.cluster)]);
  for (const cluster of [...names].filter((name) => !owing.has(name))) {
    const failure = await giveBack(run, cluster, parts, stop);
    if (failure !== null) left.push(failure);
  }
  return left;
}

async function takeBack(
  each: Owed,
  owed: readonly Owed[],
  parts: RestoreParts,
  stop: AbortSignal,
): Promise<Left | null> {
  const { trial, id, act, undo } = each;
  parts.tell(`taking back: ${act} (trial ${trial})`);
  const signal = AbortSignal.any([stop, parts.clock.timeout(BUDGET)]);
  const enter = async (): Promise<Entered> => {
    const owedHere = owed.filter((other) => other.undo.cluster === undo.cluster);
    return await parts.locks.enter(undo.cluster, owedHere, signal);
  };
  try {
    await perform(each, enter, parts, signal);
  } catch (error) {
    const why = describeError(error);
    await parts.note({ kind: "undo-failed", trial, id, error: why });
    return { what: act, why, byHand: byHand(undo), refused: error instanceof RestoreRefused };
  }
  await parts.note({ kind: "undo-done", trial, id });
  await parts.locks.settle(each);
  parts.tell(`taken back: ${act} (trial ${trial})`);
  return null;
}

async function perform(
  each: Owed,
  enter: () => Promise<Entered>,
  parts: RestoreParts,
  signal: AbortSignal,
): Promise<void> {
  const { undo } = each;
  switch (undo.kind) {
    case "remove-desktop": {
      const entered = await enter();
      const limit = untilLost(entered, signal);
      if (await isPutBack(each, entered, limit)) {
        parts.tell(`it was put back before, and is left as it is: ${each.act}`);
        return;
      }
      await entered.driver.remove(undo.desktop, limit);
      break;
    }
    case "heal-fault": {
      const { driver, limit } = await clusterToHeal(undo.cluster, enter, parts, signal);
      const fault = parts.fault(undo);
      try {
        await fault.heal(undo.victim, limit, parts.tell);
      } finally {
        await fault.close();
      }
      await healed(undo.cluster, driver, parts, limit);
      break;
    }
  }
}

/** Waits until every node is back. Rejects with the nodes that are not, which may be others than the victim. */
async function healed(
  name: string,
  driver: ClusterDriver,
  { clock, tell }: RestoreParts,
  signal: AbortSignal,
): Promise<void> {
  let missing: readonly string[] = [];
  const told = {
    waiting: (problem: string) => tell(`waiting until the cluster has healed: ${problem}`),
    missed: async (problems: readonly string[]) => {
      missing = problems;
      await Promise.resolve();
    },
  };
  try {
    await membersAgain({ driver, clock }, told, signal);
  } catch (cause) {
    if (missing.length === 0) throw cause;
    throw new OperatingError("not-reached", `Cannot call ${name} healed as ${missing.join("; ")}`, {
      cause,
    });
  }
}

/** Where the cluster's lock does not say that it is owed, its owner may have changed it since: then only the mark tells. */
async function isPutBack(
  { trial, id, undo }: Owed,
  { driver, lock }: Entered,
  signal: AbortSignal,
): Promise<boolean> {
  if (undo.kind !== "remove-desktop" || !mayBeAnothers(undo)) return false;
  if (lock?.owes(trial, id) === true) return false;
  return !(await driver.bearsMark(undo.desktop, signal));
}

const untilLost = ({ lock }: Entered, signal: AbortSignal): AbortSignal =>
  lock === null ? signal : AbortSignal.any([signal, lock.lost]);

/** The only node with an API may be the one that is off: it is switched on, and asked later. */
async function clusterToHeal(
  name: string,
  enter: () => Promise<Entered>,
  parts: RestoreParts,
  signal: AbortSignal,
): Promise<{ readonly driver: ClusterDriver; readonly limit: AbortSignal }> {
  try {
    const entered = await enter();
    return { driver: entered.driver, limit: untilLost(entered, signal) };
  } catch (error) {
    if (signal.aborted || !(error instanceof OperatingError) || error.code === "unsafe")
      throw error;
    const why = describeError(error);
    if (SILENT.includes(error.code)) {
      parts.tell(`healing ${name} although its API does not say who it is: ${why}`);
    } else {
      await rightCluster(name, parts, signal);
      parts.tell(`healing ${name} although its lock cannot be had: ${why}`);
    }
    return { driver: (await parts.cluster(name)).driver, limit: signal };
  }
}

async function giveBack(
  run: string,
  name: string,
  parts: RestoreParts,
  stop: AbortSignal,
): Promise<Left | null> {
  const signal = AbortSignal.any([stop, limitFor(parts.clock, LOCK_BUDGET)]);
  try {
    await parts.locks.release(name, signal);
    await parts.note({ kind: "lock-released", cluster: name });
    return null;
  } catch (error) {
    return {
      what: `the lock of ${name}`,
      why: describeError(error),
      byHand: `${name}: delete its lock of run ${run}`,
      refused: error instanceof RestoreRefused,
    };
  }
}
