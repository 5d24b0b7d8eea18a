import { RestoreLocks } from "../../study/restore/restore-locks.ts";
import { ownerHere } from "../owner.ts";
import type { Terminal } from "../terminal.ts";
import { assertIsOver } from "./is-over.ts";
import type { RestoreWorld } from "./restore-world.ts";

/** How the user wants it restored. */
export interface Restoring {
  readonly terminal: Terminal;
  readonly now: boolean;
  readonly stop: AbortSignal;
}

export const tellingOn =
  (terminal: Terminal) =>
  (line: string): void =>
    terminal.err(`${line}\n`);

/** The locks of a run, in this process's hands once it is over. */
export function locksFor(
  run: string,
  { clock, cluster }: RestoreWorld,
  { terminal, now }: Restoring,
): RestoreLocks {
  const tell = tellingOn(terminal);
  return new RestoreLocks({
    run,
    owner: ownerHere(),
    clock,
    cluster,
    tell,
    assertIsOver: async (lock, note, signal) =>
      await assertIsOver(lock, note, { clock, now, tell }, signal),
  });
}
