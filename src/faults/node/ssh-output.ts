import type { Instant } from "../../base/time.ts";
import { OperatingError } from "../../base/errors.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";

/** How one command on the victim ended. */
export interface Told {
  /** Just before it was sent, after logging in. */
  readonly sent: Instant;
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Without the white space around it. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command whose end has to be known. Rejects when the connection ends before. */
export async function told(
  access: SshAccess,
  command: string,
  { reach, signal }: Pick<FaultTools, "reach" | "signal">,
): Promise<Told> {
  const end = await reach.run(access, command, signal);
  if (end.kind === "disconnected") {
    throw new OperatingError(
      "unreachable",
      `Cannot know how "${command}" ended on ${access.host} as the connection ended before`,
    );
  }
  const { sent, code } = end;
  return { sent, code, stdout: end.stdout.trim(), stderr: end.stderr.trim().slice(0, 200) };
}

/** What a command that must succeed prints. */
export async function output(
  access: SshAccess,
  command: string,
  tools: Pick<FaultTools, "reach" | "signal">,
): Promise<string> {
  const end = await told(access, command, tools);
  if (end.code === 0) return end.stdout;
  throw new OperatingError(
    "rejected",
    `Cannot use what ${access.host} says as "${command}" failed there: its exit code is ${end.code} (${end.stderr})`,
  );
}
