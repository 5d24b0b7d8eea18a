import type { CleanupFailure } from "../base/cleanup.ts";
import { describeFailures } from "../base/cleanup.ts";
import { describeError } from "../base/errors.ts";
import { LockLost } from "./lock/held-lock.ts";
import type { Notebook } from "./notebook.ts";
import type { TrialEnding } from "./trial-ends.ts";
import { OtherNodeLost, TrialEnds } from "./trial-ends.ts";

/** What the run has to know of a trial that is over: `story` is what ended it early, null when nothing did. */
export async function endingOf(
  story: unknown,
  failures: readonly CleanupFailure[],
  { notes, stop }: { readonly notes: Notebook; readonly stop: AbortSignal },
): Promise<TrialEnding> {
  const { end, detail } = endOf(story, stop);
  const noted = await notes.tryNote({ kind: "trial-ended", end, detail });
  return {
    end,
    detail: failures.length === 0 ? detail : `${detail} ${describeFailures(failures)}`.trim(),
    restored: failures.length === 0,
    stopRun: story instanceof OtherNodeLost ? "other-node-lost" : noted ? null : "journal-broken",
  };
}

function endOf(story: unknown, stop: AbortSignal): Pick<TrialEnding, "end" | "detail"> {
  if (story === null) return { end: "completed", detail: "" };
  if (stop.aborted) return { end: "interrupted", detail: describeError(stop.reason) };
  if (story instanceof LockLost) return { end: "refused", detail: describeError(story) };
  if (story instanceof TrialEnds) return { end: story.end, detail: story.message };
  return { end: "void", detail: describeError(story) };
}
