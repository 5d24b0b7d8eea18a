import { describeError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Progress } from "../../contracts/progress.ts";
import { Audience } from "../../live/audience.ts";
import { expectedTrial } from "../../live/expected-trial.ts";
import type { Judgement } from "../../live/live-event.ts";
import { LiveFeed } from "../../live/live-feed.ts";
import type { RunPlan } from "../../model/plan.ts";
import type { Arm } from "../../model/experiment.ts";
import { collectGarbage } from "../../platform/collect-garbage.ts";
import { SeededRandom } from "../../platform/seeded-random.ts";
import { logEvents } from "../live/json-log.ts";
import { liveLines } from "../live/lines.ts";
import { liveScreen, SCREEN } from "../live/screen.ts";
import { warn } from "../say.ts";
import type { Bottom, Terminal } from "../terminal.ts";
import { clusterNamed } from "../wire.ts";
import { deaf } from "./deaf.ts";
import { fanOut } from "./fan-out.ts";

/** Whoever is told how a run goes. */
export interface RunView {
  readonly progress: Progress;
  /** The same as events, with the state that follows from them. */
  readonly feed: LiveFeed;
  /** Somebody more, from the next event on. */
  readonly join: (name: string, progress: Progress) => void;
  /** What the run came to; told after `close`, too. */
  readonly judged: (judgement: Judgement) => void;
  readonly close: () => Promise<void>;
}

interface Watched {
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

interface Asked {
  readonly quiet?: boolean;
  readonly log?: "lines" | "json";
}

/** What is told of a run: on a screen where the terminal is one, else in lines, plain or of JSON; with `quiet` nothing. */
export function progressFor(asked: Asked, terminal: Terminal, { clock, stop }: Watched): RunView {
  const onDropped = (name: string, error: unknown): void => {
    // A screen that stands still would lie.
    if (name === LIVE_VIEW || name === SCREEN) close();
    const why = describeError(error);
    warn(terminal, `${name} is told nothing more of this run, which goes on: ${why}`);
  };
  const feed = new LiveFeed({
    clock,
    expect: expectations,
    onDropped,
    onUnknown: (what, error) => {
      warn(terminal, `${what}, and only the report will tell: ${describeError(error)}`);
    },
  });
  const audience = new Audience<Progress>(onDropped);
  audience.add(LIVE_VIEW, feed);
  audience.add("the garbage collector", collecting);
  const close = show(feed, asked, terminal, (bottom) =>
    liveScreen(feed, { terminal, bottom, clock, size, onDropped }),
  );
  stop.addEventListener("abort", () => {
    feed.stopping(describeError(stop.reason));
  });
  return {
    progress: fanOut(audience),
    feed,
    join: (name, progress) => {
      audience.add(name, progress);
    },
    judged: (judgement) => {
      feed.judged(judgement);
    },
    close: async () => {
      await Promise.resolve(close());
    },
  };
}

const LIVE_VIEW = "the live view";

/** Lets it be seen; returns how that ends. */
function show(
  feed: LiveFeed,
  { quiet, log }: Asked,
  terminal: Terminal,
  onScreen: (bottom: Bottom) => { readonly close: () => void },
): () => void {
  if (terminal.log !== undefined) logEvents(feed, terminal.log);
  else if (quiet !== true) {
    if (terminal.bottom !== null && log !== "lines") return onScreen(terminal.bottom).close;
    liveLines(feed, terminal);
  }
  return () => undefined;
}

const size = (): { readonly columns: number; readonly rows: number } => ({
  columns: process.stderr.columns || 80,
  rows: process.stderr.rows || 24,
});

/** Draws of what is expected: the same plan is told the same. */
const SEED = 1;

const expectations =
  ({ inventory, lab }: RunPlan) =>
  (arm: Arm) =>
    expectedTrial(arm, clusterNamed(inventory, arm.cluster), {
      lab,
      random: new SeededRandom(SEED),
    });

const collecting: Progress = { ...deaf, trialEnded: collectGarbage };
