import { connect } from "node:net";
import { orAborted } from "../../base/abort.ts";
import { milliseconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { underDeadline } from "../shared/under-deadline.ts";

/** A living sshd on a local network greets within some 30 ms. */
const PATIENCE = milliseconds(500);
/** What a living sshd says first: its greeting, or that we have come too often (MaxStartups, PerSourcePenalties). */
const greetings = ["SSH-", "Exceeded MaxStartups", "Not allowed at this time"];

export type Pulse =
  /** It greeted: the system there lives. */
  | "answers"
  /** The address lives but not the service: the system went down, or boots. */
  | "refused"
  | "silent";

/**
 * One proof of life, without logging in: connects and waits for the greeting. A connection that is taken but not
 * greeted proves nothing, as something in between may have taken it. Rejects only when the signal is aborted.
 */
export async function sshPulse(
  peer: { readonly host: string; readonly port: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<Pulse> {
  signal.throwIfAborted();
  const socket = connect(peer.port, peer.host);
  const greeted = new Promise<Pulse>((resolve) => {
    let heard = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      heard += text;
      if (greetings.some((greeting) => heard.startsWith(greeting))) resolve("answers");
      else if (!greetings.some((greeting) => greeting.startsWith(heard))) resolve("silent");
    });
    socket.on("error", (error) => resolve(wasRefused(error) ? "refused" : "silent"));
    socket.on("close", () => resolve("silent"));
  });
  const patience = clock.timeout(PATIENCE);
  try {
    return await underDeadline(signal, patience, async (ended) => await orAborted(greeted, ended));
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted) return "silent";
    throw error;
  } finally {
    socket.destroy();
  }
}

const wasRefused = (error: Error): boolean =>
  "code" in error && (error.code === "ECONNREFUSED" || error.code === "ECONNRESET");
