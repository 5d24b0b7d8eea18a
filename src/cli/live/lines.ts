import type { LiveFeed } from "../../live/live-feed.ts";
import type { Terminal } from "../terminal.ts";
import { hookLine } from "./hook-line.ts";
import { resultLine, stoppingLine } from "./words.ts";

/** Where nobody watches: a line for each trial that ends, nothing redrawn. */
export function liveLines(feed: LiveFeed, terminal: Pick<Terminal, "err" | "colours">): void {
  feed.listen("the lines", (event, state) => {
    switch (event.kind) {
      case "record":
        terminal.err(hookLine(event.event, terminal));
        break;
      case "trial-ended": {
        const { run, results } = state;
        const total = String(run?.trials ?? 0);
        const count = String(results.length).padStart(total.length);
        const { arm, repetition } = event.result;
        const line = resultLine(event.result, terminal.colours);
        terminal.err(`[${count}/${total}] ${arm} #${repetition}: ${line}\n`);
        break;
      }
      case "stopping":
        terminal.err(stoppingLine(event.why, state));
        break;
      case "run-started":
      case "trial-started":
      case "step":
      case "sample":
      case "desktop":
      case "run-ended":
      case "run-judged":
        break;
    }
  });
}
