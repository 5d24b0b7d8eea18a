import type { Probe } from "../../contracts/probe.ts";
import type { SessionFact } from "../../model/held-session.ts";
import type { AttemptMeans } from "../attempt.ts";
import { gets } from "../depth.ts";
import type { Manners } from "../manners.ts";
import { openSession } from "./open-session.ts";
import { watchPicture } from "./watch-picture.ts";

/** Opens one session, tells whether it is held, and watches its picture until it breaks or `signal` is aborted. */
export async function holdSession(
  { endpoint, spec, grid }: Parameters<Probe["hold"]>[0],
  means: AttemptMeans & { readonly manners: Manners },
  tell: (fact: SessionFact) => void,
  signal: AbortSignal,
): Promise<void> {
  if (!gets(spec.depth, "rfb")) {
    tell({ kind: "session-not-held", detail: `the probe goes no deeper than ${spec.depth}` });
    return;
  }
  const { manners } = means;
  const opened = await openSession({ endpoint, grid, manners }, means, signal);
  if (opened.kind === "not-held") {
    tell({ kind: "session-not-held", detail: opened.detail });
    return;
  }
  try {
    await watchPicture(opened.session, means.clock, tell, signal);
  } finally {
    opened.session.journey.end();
  }
}
