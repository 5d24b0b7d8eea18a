import { OperatingError } from "../../base/errors.ts";
import type { SshEnd } from "../../clients/ssh/ssh-run.ts";

/** A connection that breaks here was most likely broken by the fault, and `confirm` finds out; a refusal is one. */
export function demandSuccess(end: SshEnd, what: string): void {
  if (end.kind === "disconnected" || end.code === 0) return;
  throw new OperatingError(
    "rejected",
    `Cannot ${what} as the command was refused there: its exit code is ${end.code} (${end.stderr.trim().slice(0, 200)})`,
  );
}
