import pc from "picocolors";
import { describeError } from "../../base/errors.ts";
import { jsonLine } from "../../base/json-text.ts";
import { plainText } from "../../base/plain-text.ts";
import type { LiveFeed } from "../../live/live-feed.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCodeOf } from "../exit-code.ts";
import { tellError } from "../say.ts";
import { manners } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";

/** Runs a command that tells how it goes in JSON lines, if that is asked for; its errors, and what its lab says, are lines, too. */
export async function logged(
  { log }: { readonly log?: "lines" | "json" },
  terminal: Terminal,
  act: (terminal: Terminal) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (log !== "json") return await act(terminal);
  const told = jsonTerminal(terminal, () => new Date().toISOString());
  manners.teller = told;
  try {
    return await act(told);
  } catch (error) {
    const exit_code = exitCodeOf(error);
    tellError(told, describeError(error), exit_code);
    return exit_code;
  }
}

/** A terminal whose `err` is a log: one JSON object a line, whatever is written to it. `wall`: now, ISO 8601. */
export function jsonTerminal(
  terminal: Terminal,
  wall: () => string,
): Terminal & { readonly log: (event: object) => void } {
  const log = (event: object): void => {
    terminal.err(jsonLine(plainStrings({ wall: wall(), ...event })));
  };
  return {
    ...terminal,
    bottom: null,
    colours: pc.createColors(false),
    log,
    err: (text) => {
      for (const line of text.split("\n"))
        if (line.trim() !== "") log({ kind: "message", text: line });
    },
  };
}

/** Each event of a run but its samples, which stand in a file of their own. */
export function logEvents(feed: LiveFeed, log: (event: object) => void): void {
  feed.listen("the log", (event) => {
    if (event.kind !== "sample") log(event);
  });
}

/** Whoever reads a line may show its texts on a terminal. */
const plainStrings = (value: object): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === "string" ? plainText(each) : each,
    ),
  );
