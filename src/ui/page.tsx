import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AbortRun } from "./abort-run.tsx";
import { Desktop } from "./desktop.tsx";
import { clockNow, listen, nothingKnown } from "./feed.ts";
import { RunHead } from "./run-head.tsx";
import { TrialNow } from "./trial-now.tsx";
import { Trials } from "./trials.tsx";

/** How often what ticks is drawn anew, in milliseconds. */
const TICK_MS = 250;

/** The whole page: the run, its desktop, the trial under way, and all trials so far. */
export function Page(): VNode {
  const [known, setKnown] = useState(nothingKnown);
  const [, setTick] = useState(0);
  useEffect(() => {
    listen(setKnown);
    const timer = setInterval(() => {
      setTick((tick) => tick + 1);
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const { state, desktop, link } = known;
  const now_ms = clockNow(known);
  return (
    <>
      <RunHead state={state} link={link} now_ms={now_ms}>
        <AbortRun
          run={state.run?.run ?? null}
          stopping={state.stopping}
          over={state.ended !== null}
        />
      </RunHead>
      <main>
        <div class="now">
          <Desktop view={desktop} />
          <TrialNow state={state} now_ms={now_ms} />
        </div>
        <Trials state={state} now_ms={now_ms} />
      </main>
    </>
  );
}
