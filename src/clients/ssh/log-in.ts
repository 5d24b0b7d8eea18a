import type { Socket } from "node:net";
import type { Client } from "ssh2";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
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

export interface SshTools {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

export interface LoggedIn {
  readonly client: Client;
  /** Not a polite end, but one in any case: the other side may be dead by then. */
  readonly destroy: () => void;
}

/** A fresh connection with a verified host key. */
export async function logIn(access: SshAccess, tools: SshTools): Promise<LoggedIn> {
  const { clock, secrets, signal } = tools;
  const key = await orAborted(secrets.resolve(access.key), signal);
  const { default: ssh2 } = await import("ssh2");
  signal.throwIfAborted();
  const client = new ssh2.Client();
  const sock = limitedSocket(access);
  const destroy = (): void => {
    client.destroy();
    sock.destroy();
  };
  // Errors after the answer (a reset by a dying host) concern nobody any more.
  client.on("error", () => undefined);
  try {
    await underDeadline(signal, deadlineOf(LOGIN, clock), async (ended) => {
      await orAborted(authenticate(client, access, { privateKey: key, sock }), ended);
    });
    return { client, destroy };
  } catch (error) {
    destroy();
    signal.throwIfAborted();
    throw loginFailure(access, error);
  }
}

async function authenticate(
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
