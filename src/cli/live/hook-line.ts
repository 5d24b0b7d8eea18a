import type { JournalEvent } from "../../model/journal.ts";
import type { Terminal } from "../terminal.ts";

/** What a hook came to, for people, with its newline; empty for other events, and for a hook that had nothing to say. */
export function hookLine(event: JournalEvent, { colours }: Pick<Terminal, "colours">): string {
  if (event.kind !== "hook-ended" || (event.ok && event.said === "")) return "";
  const subject = `hook ${event.hook}${event.around === null ? "" : ` (${event.around})`}`;
  if (event.ok) return `${subject}: ${event.said}\n`;
  const said = event.said === "" ? "" : `: ${event.said}`;
  return `${colours.yellow("warning:")} ${subject}: ${event.detail}${said}\n`;
}
