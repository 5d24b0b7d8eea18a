import type { Clock } from "../../contracts/clock.ts";
import type { Progress } from "../../contracts/progress.ts";
import { collectGarbage } from "../../platform/collect-garbage.ts";
import type { Terminal } from "../terminal.ts";
import { progressLines } from "./lines.ts";
import { progressLive, STOPPING } from "./live.ts";
import { TrialLines } from "./trial-lines.ts";

/** Whoever is told how a run goes. */
interface RunView {
  readonly progress: Progress;
  readonly close: () => Promise<void>;
}

interface Watched {
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** What the terminal shows of a run: a live view where it is one, else lines; with `quiet` nothing but its end. */
export function progressFor(
  options: { readonly quiet?: boolean },
  terminal: Terminal,
  world: Watched,
): RunView {
  const { progress, close } = viewOf(options, terminal, world);
  return { progress: collectingGarbage(progress), close };
}

function viewOf(
  options: { readonly quiet?: boolean },
  terminal: Terminal,
  world: Watched,
): RunView {
  const lines = new TrialLines();
  if (options.quiet === true) {
    const silent = { ...terminal, err: () => undefined };
    return { progress: progressLines(silent, lines), close: nothing };
  }
  if (!terminal.live) {
    world.stop.addEventListener("abort", () => {
      terminal.err(`${STOPPING}\n`);
    });
    return { progress: progressLines(terminal, lines), close: nothing };
  }
  const live = progressLive(terminal, lines, world);
  return { progress: live, close: async () => await Promise.resolve(live.close()) };
}

const nothing = async (): Promise<void> => await Promise.resolve();

const collectingGarbage = (progress: Progress): Progress => ({
  ...progress,
  trialEnded: (trial) => {
    progress.trialEnded(trial);
    collectGarbage();
  },
});
