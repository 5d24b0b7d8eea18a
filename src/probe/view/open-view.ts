import { OperatingError } from "../../base/errors.ts";
import type { LookAt } from "../../contracts/viewing.ts";
import type { AttemptMeans } from "../attempt.ts";
import { gets } from "../depth.ts";
import type { Manners } from "../manners.ts";
import type { Session } from "../session/open-session.ts";
import { openSession } from "../session/open-session.ts";

/**
 * A session for somebody who looks. Rejects with an OperatingError when there is none, and with the reason of `signal`
 * when it is aborted.
 */
export async function openView(
  { endpoint, spec, grid }: LookAt,
  means: AttemptMeans & { readonly manners: Manners },
  signal: AbortSignal,
): Promise<Session> {
  signal.throwIfAborted();
  if (!gets(spec.depth, "rfb")) throw notSeen(`the probe goes no deeper than ${spec.depth}`);
  const opened = await openSession({ endpoint, grid, manners: means.manners }, means, signal);
  if (opened.kind === "open") return opened.session;
  signal.throwIfAborted();
  throw notSeen(opened.detail);
}

export const notSeen = (why: string, cause?: unknown): OperatingError =>
  new OperatingError(
    "not-reached",
    `Cannot look at the desktop as ${why}`,
    cause === undefined ? {} : { cause },
  );
