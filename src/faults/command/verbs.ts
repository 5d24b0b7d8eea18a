import { homedir } from "node:os";
import { OperatingError } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import { milliseconds } from "../../base/time.ts";
import type { CommandFault as CommandSpec } from "../../model/fault-spec.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { ProgramEnd, Programs } from "./programs.ts";

/**
 * What the user's program is asked for: `program ...arguments <verb> <node>`. Exit code 0 means yes or done.
 *
 * - `check`: anything else refuses the trial.
 * - `inject`: anything else is a failure; the trial says nothing then, and is healed.
 * - `status`: 0 is on, 1 is off, anything else is unknown (2 for a program that cannot tell).
 * - `heal`: anything else is tried again. It has to be idempotent, and to do nothing to a node that is well.
 *
 * The last line that it writes to stderr (else to stdout) says why. See docs/command-fault.md.
 */
export type Verb = "check" | "inject" | "status" | "heal";

/** Where programs live that it may call; the caller's own PATH is not ours to read here. */
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const LONGEST_REASON = 200;

export interface Asking {
  readonly programs: Programs;
  readonly spec: CommandSpec;
  readonly cluster: string;
  readonly node: NodeAccess;
  /** The fault's own, for the program's log. */
  readonly title: string;
}

/** Runs the program for one verb. Resolves with its end, whatever it was. */
async function ask(asking: Asking, verb: Verb, signal: AbortSignal): Promise<ProgramEnd> {
  const { programs, spec, cluster, node, title } = asking;
  return await programs.run(
    {
      program: spec.program,
      words: [...spec.arguments, verb, node.name],
      environment: {
        PATH: SEARCH_PATH,
        HOME: homedir(),
        LANG: "C.UTF-8",
        BLACKOUT_CLUSTER: cluster,
        BLACKOUT_NODE: node.name,
        BLACKOUT_ADDRESS: node.address ?? node.ssh?.host ?? "",
        BLACKOUT_VERB: verb,
        BLACKOUT_FAULT: title,
      },
      limit: milliseconds(spec.limit_ms),
    },
    signal,
  );
}

/** Rejects with the program's own words when it does not end with 0. */
export async function demand(asking: Asking, verb: Verb, signal: AbortSignal): Promise<void> {
  const end = await ask(asking, verb, signal);
  if (end.exitCode === 0) return;
  const how = end.exitCode === null ? "a signal ended it" : `its exit code is ${end.exitCode}`;
  throw new OperatingError(
    "rejected",
    `Cannot ${verb} ${asking.node.name} as ${asking.spec.program} failed: ${how} (${lastLine(end)})`,
  );
}

/** A program that fails, hangs or does not know the verb knows nothing of the power. */
export async function powerStatus(
  asking: Asking,
  signal: AbortSignal,
): Promise<"on" | "off" | "unknown"> {
  try {
    const { exitCode } = await ask(asking, "status", signal);
    if (exitCode === 0) return "on";
    return exitCode === 1 ? "off" : "unknown";
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OperatingError && error.code === "timed-out") return "unknown";
    throw error;
  }
}

function lastLine({ stderr, stdout }: ProgramEnd): string {
  const text = stderr.trim() === "" ? stdout : stderr;
  const line = text.trim().split(/\r?\n/u).at(-1) ?? "";
  const plain = plainText(line).slice(0, LONGEST_REASON);
  return plain === "" ? "it said nothing" : plain;
}
