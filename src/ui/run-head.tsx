import type { ComponentChildren, VNode } from "preact";
import type { LiveState } from "../live/live-state.ts";
import type { Known } from "./feed.ts";
import { timeLeft } from "../live/time-left.ts";
import { length, lengths } from "./words.ts";

/** Which run it is, how far it is, and whether this page still hears of it. */
export function RunHead({
  state,
  link,
  now_ms,
  children,
}: {
  readonly state: LiveState;
  readonly link: Known["link"];
  readonly now_ms: number;
  readonly children: ComponentChildren;
}): VNode {
  const { run, results } = state;
  const total = run?.trials ?? 0;
  return (
    <header>
      <div class="title">
        <h1>{run?.title ?? "blackout"}</h1>
        <p class="soft">{run === null ? "not begun yet" : run.run}</p>
      </div>
      {children}
      <div class="progress">
        <progress
          max={Math.max(total, 1)}
          value={results.length}
          aria-label={`${results.length} of ${total} trials have ended`}
        />
        <p>
          <b>{results.length}</b> of {total} trials
        </p>
        <p>{left(state, now_ms)}</p>
        <p role="status">{standing(state, link)}</p>
      </div>
    </header>
  );
}

/** Until the end, in real time. */
function left(state: LiveState, now_ms: number): string {
  if (state.ended !== null || state.stopping !== null) return "";
  const ahead = timeLeft(state, now_ms);
  const speed = state.run?.speed ?? 1;
  return ahead === null ? "" : `${lengths([ahead[0] / speed, ahead[1] / speed])} to go`;
}

function standing({ ended, judged, stopping, results }: LiveState, link: Known["link"]): string {
  if (judged !== null) {
    const verdict = judged.verdict === null ? "no report" : judged.verdict.toUpperCase();
    return `Ended: ${verdict}. The report is in ${judged.folder}`;
  }
  if (ended !== null) return `Ended: ${ended.end}. The report is being written`;
  if (link === "lost")
    return "The run cannot be heard. Look at the terminal where it was started; if it is gone: blackout restore --all";
  if (link === "over") return "The run has ended";
  if (stopping !== null) return `Stopping (${stopping}): the cluster is healed first`;
  const latest = results.at(-1);
  const recovery = latest?.durations_ms.recovery ?? null;
  return recovery === null ? "" : `Latest: back after ${length((recovery[0] + recovery[1]) / 2)}`;
}
