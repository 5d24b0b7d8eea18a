import { join } from "node:path";
import { courseOf } from "../../analysis/course.ts";
import { describeError } from "../../base/errors.ts";
import type { JournalRecord } from "../../model/journal.ts";
import type { RunPlan } from "../../model/plan.ts";
import type { RunReport, VerdictName } from "../../model/run-report.ts";
import { readPlan } from "../../store/plan-file.ts";
import { readJournal } from "../../store/read-journal.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { openRunFolder } from "../../store/run-folder.ts";
import { pendingIn } from "../../study/restore/pending.ts";
import { isOwnerGone } from "../owner.ts";
import { ownerIn } from "../owner-in.ts";
import { judgementIn } from "./judgement.ts";
import { runFoldersIn } from "./run-folders.ts";

export type ListedRun = KnownRun | UnreadableRun;

export interface KnownRun {
  readonly kind: "run";
  /** Its name below the reports; the run itself may bear another. */
  readonly folder: string;
  readonly run: string;
  /** Label only. */
  readonly started_wall: string | null;
  readonly experiment: { readonly name: string; readonly title: string };
  readonly arms: readonly ListedArm[];
  readonly trials: { readonly planned: number; readonly completed: number };
  /** Null: it was not judged, or went on since. */
  readonly verdict: VerdictName | null;
  readonly end: RunReport["end"];
  /** Whether its process is at work; null: it ended, or nothing is known of that process here. */
  readonly alive: boolean | null;
  /** It owes a cluster something that nobody takes back any more but `restore`. */
  readonly left_behind: boolean;
  /** Version of blackout that ran it. */
  readonly tool: string;
}

interface ListedArm {
  readonly name: string;
  /** Of the recovery; null: nothing recovered, or it was not judged. */
  readonly median_ms: number | null;
}

interface UnreadableRun {
  readonly kind: "unreadable";
  readonly folder: string;
  readonly why: string;
}

/** All runs in a folder, the oldest first. What cannot be read is told of, and hides no other. */
export async function readRuns(reports: string): Promise<readonly ListedRun[]> {
  const runs: ListedRun[] = [];
  // One after the other: a journal may be large, and there may be many.
  for (const folder of await runFoldersIn(reports, ["plan.json", "journal.ndjson"])) {
    runs.push(
      await readRun(reports, folder).catch((error: unknown): UnreadableRun => {
        return { kind: "unreadable", folder, why: describeError(error) };
      }),
    );
  }
  return runs.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
}

/** Names of folders begin with the time, too. */
const startOf = (run: ListedRun): string =>
  (run.kind === "run" ? run.started_wall : null) ?? run.folder;

async function readRun(reports: string, name: string): Promise<KnownRun> {
  const folder = await openRunFolder(join(reports, name));
  const [plan, { records }] = await Promise.all([
    readPlan(folder.plan),
    readJournal(folder.journal),
  ]);
  return { kind: "run", folder: name, ...(await tellOf(folder, plan, records)) };
}

async function tellOf(
  folder: RunFolder,
  plan: RunPlan,
  records: readonly JournalRecord[],
): Promise<Omit<KnownRun, "kind" | "folder">> {
  const course = courseOf(records);
  const judgement = await judgementIn(folder, plan.run, course.length_ms);
  const alive = course.end === null ? isAlive(records) : null;
  return {
    run: plan.run,
    started_wall: course.started_wall,
    experiment: { name: plan.experiment.name, title: plan.experiment.title },
    arms: plan.experiment.arms.map((arm) => ({
      name: arm.name,
      median_ms: judgement?.medians.get(arm.name) ?? null,
    })),
    trials: { planned: plan.trials.length, completed: completedIn(records) },
    verdict: judgement?.verdict ?? null,
    end: course.end,
    alive,
    left_behind: alive !== true && !pendingIn(records).isSettled,
    tool: plan.tool,
  };
}

function isAlive(records: readonly JournalRecord[]): boolean | null {
  const owner = ownerIn(records);
  const gone = owner === null ? null : isOwnerGone(owner);
  return gone === null ? null : !gone;
}

const completedIn = (records: readonly JournalRecord[]): number =>
  records.filter(({ event }) => event.kind === "trial-ended" && event.end === "completed").length;
