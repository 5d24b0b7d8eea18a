import type { Client, ClientChannel } from "ssh2";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import type { SshAccess } from "../../model/inventory.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { underDeadline } from "../shared/under-deadline.ts";
import type { SshTools } from "./log-in.ts";
import { logIn } from "./log-in.ts";

const START: Patience = { least: seconds(3), floors: 5 };
/** Beats that may wait for their echo: a minute's worth. More are not sent. */
const MOST_UNANSWERED = 600;

/** A session on a node that sends back what it is sent: an echo proves life for one small packet each way. */
export interface SshEcho {
  /** Sends a beat; `echoed` is called when it comes back. False: nothing was sent, as the session has ended, or nobody answers any more. */
  beat(echoed: () => void): boolean;
  readonly isOpen: boolean;
  /** Never rejects. */
  close(): void;
}

/** Logs in and starts `cat`. Rejects with an `OperatingError` where it cannot. */
export async function openSshEcho(access: SshAccess, tools: SshTools): Promise<SshEcho> {
  const { clock, signal } = tools;
  const { client, destroy } = await logIn(access, tools);
  try {
    const channel = await underDeadline(
      signal,
      deadlineOf(START, clock),
      async (ended) => await orAborted(started(client), ended),
    );
    return echoOver(channel, client, destroy);
  } catch (error) {
    destroy();
    throw error;
  }
}

async function started(client: Client): Promise<ClientChannel> {
  return await new Promise((resolve, reject) => {
    client.once("close", () => reject(gone()));
    client.exec("cat", (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(gone(error));
    });
  });
}

const gone = (cause?: Error): OperatingError =>
  new OperatingError("unreachable", "Cannot keep an SSH session open as it ended at once", {
    cause,
  });

function echoOver(channel: ClientChannel, client: Client, destroy: () => void): SshEcho {
  /** In the order in which they were sent, which is that of their echoes. */
  const waiting: (() => void)[] = [];
  let isOpen = true;
  const end = (): void => {
    isOpen = false;
    waiting.splice(0);
  };
  client.once("close", end);
  channel.once("close", end);
  channel.on("error", end);
  channel.stderr.resume();
  channel.on("data", (bytes: Buffer) => {
    // Every beat is one byte.
    for (const echoed of waiting.splice(0, bytes.length)) echoed();
  });
  return {
    get isOpen() {
      return isOpen;
    },
    beat: (echoed) => {
      if (!isOpen || waiting.length >= MOST_UNANSWERED) return false;
      waiting.push(echoed);
      channel.write("\n");
      return true;
    },
    close: () => {
      end();
      destroy();
    },
  };
}
