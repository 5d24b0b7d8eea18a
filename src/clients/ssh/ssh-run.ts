import type { Client, ClientChannel } from "ssh2";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import { seconds } from "../../base/time.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import type { SshTools } from "./log-in.ts";
import { logIn } from "./log-in.ts";

/** None of our commands computes anything. */
const COMMAND: Patience = { least: seconds(10), floors: 10 };
/** The links of a node with hundreds of pods take a kilobyte and a half each. Both streams together. */
const LONGEST_OUTPUT = 1024 * 1024;

export type SshEnd = SshOutcome & {
  /** After logging in, just before the command was sent: nothing that it does can have happened earlier. */
  readonly sent: Instant;
};

type SshOutcome =
  | {
      readonly kind: "exited";
      /** Null when a signal ended it. */
      readonly code: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** The connection ended, or fell silent, after the command was accepted and before its end was told. */
  | { readonly kind: "disconnected" };

/**
 * Runs one command over a fresh connection with a verified host key. The connection is destroyed, not closed politely,
 * whatever the end: the other side may be dead by then.
 */
export async function sshRun(access: SshAccess, command: string, tools: SshTools): Promise<SshEnd> {
  const { clock, signal } = tools;
  const { client, destroy } = await logIn(access, tools);
  try {
    const limit = deadlineOf(COMMAND, clock);
    const sent = clock.now();
    const outcome = await underDeadline(
      signal,
      limit,
      async (ended) => await orAborted(execute(client, command), ended),
    ).catch((error: unknown): SshOutcome => {
      signal.throwIfAborted();
      if (error === limit.reason) return { kind: "disconnected" };
      throw error;
    });
    return { ...outcome, sent };
  } finally {
    destroy();
  }
}

async function execute(client: Client, command: string): Promise<SshOutcome> {
  return await new Promise<SshOutcome>((resolve, reject) => {
    client.once("close", () => resolve({ kind: "disconnected" }));
    client.exec(command, (error, channel) => {
      if (error !== undefined) {
        reject(
          new OperatingError("rejected", "Cannot run a command over SSH as the server refused it", {
            cause: error,
          }),
        );
        return;
      }
      collect(channel, { resolve, reject });
    });
  });
}

function collect(
  channel: ClientChannel,
  { resolve, reject }: { resolve: (end: SshOutcome) => void; reject: (error: Error) => void },
): void {
  const output = { stdout: "", stderr: "" };
  let length = 0;
  const take = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    length += chunk.length;
    // Half of an answer may look like a whole one, so that none is better.
    if (length > LONGEST_OUTPUT) reject(tooLong());
    else output[stream] += chunk.toString();
  };
  channel.on("data", take("stdout"));
  channel.stderr.on("data", take("stderr"));
  let code: number | null | undefined;
  channel.on("exit", (exitCode: number | null) => {
    code = exitCode;
  });
  channel.on("close", () => {
    resolve(code === undefined ? { kind: "disconnected" } : { kind: "exited", code, ...output });
  });
}

const tooLong = (): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot use what a command over SSH prints as it does not end: it has more than ${LONGEST_OUTPUT} bytes`,
  );
