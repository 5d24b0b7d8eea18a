import type { Socket } from "node:net";
import type { Client, ClientChannel } from "ssh2";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import { seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import { judgeHostKey } from "./host-key.ts";
import { limitedSocket } from "./limited-socket.ts";

/** TCP, key exchange, authentication. Servers that look up our name first take seconds. */
const LOGIN: Patience = { least: seconds(10), floors: 10 };
/** None of our commands computes anything. */
const COMMAND: Patience = { least: seconds(10), floors: 10 };
/** The links of a node with hundreds of pods take a kilobyte and a half each. Both streams together. */
const LONGEST_OUTPUT = 1024 * 1024;

export interface SshTools {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

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
  const { clock, secrets, signal } = tools;
  const key = await orAborted(secrets.resolve(access.key), signal);
  const { default: ssh2 } = await import("ssh2");
  signal.throwIfAborted();
  const client = new ssh2.Client();
  const sock = limitedSocket(access);
  // Errors after the answer (a reset by a dying host) concern nobody any more.
  client.on("error", () => undefined);
  try {
    await underDeadline(signal, deadlineOf(LOGIN, clock), async (ended) => {
      await orAborted(logIn(client, access, { privateKey: key, sock }), ended);
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw loginFailure(access, error);
    });
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
    client.destroy();
    sock.destroy();
  }
}

async function logIn(
  client: Client,
  access: SshAccess,
  means: { readonly privateKey: string; readonly sock: Socket },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let untrusted: OperatingError | null = null;
    // A handshake is many small packets each way: without this each waits 40 ms for an acknowledgement.
    client.once("connect", () => client.setNoDelay(true));
    client.once("ready", () => resolve());
    client.once("error", (error) => reject(untrusted ?? error));
    client.once("close", () => reject(untrusted ?? new Error("the connection was closed")));
    client.connect({
      ...means,
      username: access.user,
      // Deadlines run on the injected clock.
      readyTimeout: 0,
      hostVerifier: (shown: Buffer) => {
        untrusted = judgeHostKey(access, shown);
        return untrusted === null;
      },
    });
  });
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

function loginFailure(access: SshAccess, error: unknown): OperatingError {
  const peer = `${access.user}@${access.host}:${access.port}`;
  const facts = { peer };
  if (error instanceof OperatingError) {
    if (error.code !== "timed-out") return error;
    return new OperatingError(
      "timed-out",
      `Cannot log in over SSH as ${peer} is silent: ${error.message}`,
      { facts },
    );
  }
  const level = error instanceof Error && "level" in error ? error.level : null;
  if (level === "client-authentication") {
    return new OperatingError(
      "denied",
      `Cannot log in over SSH as ${peer} does not accept the key. Add its public half to that user's authorized_keys`,
      { facts, cause: error },
    );
  }
  if (error instanceof Error && /privateKey|parse/u.test(error.message)) {
    return new OperatingError(
      "configuration",
      `Cannot log in over SSH as the private key for ${peer} cannot be read (encrypted keys are not supported)`,
      { facts, cause: error },
    );
  }
  return new OperatingError("unreachable", `Cannot log in over SSH as ${peer} cannot be reached`, {
    facts,
    cause: error,
  });
}
