import type { DesktopStream, LookAt } from "../../contracts/viewing.ts";
import type { AttemptMeans } from "../attempt.ts";
import type { Manners } from "../manners.ts";
import type { Session } from "../session/open-session.ts";
import { openView } from "./open-view.ts";

/** A session that somebody else speaks RFB on, until either side leaves or `signal` is aborted. */
export async function viewDesktop(
  look: LookAt,
  means: AttemptMeans & { readonly manners: Manners },
  signal: AbortSignal,
): Promise<DesktopStream> {
  return streamOf(await openView(look, means, signal), signal);
}

function streamOf({ pipe, init, journey }: Session, signal: AbortSignal): DesktopStream {
  const early: Buffer[] = [];
  let take: (bytes: Uint8Array) => void = (bytes) => early.push(Buffer.from(bytes));
  const ended = new Promise<void>((resolve) => {
    journey.own({ destroy: resolve });
  });
  const close = (): void => {
    signal.removeEventListener("abort", close);
    journey.end();
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  pipe.input.handOver({ take: (bytes) => take(bytes), ended: close });
  // Nobody takes it yet, so that it must not pile up here.
  pipe.pause(true);
  return {
    init,
    send: (bytes) => pipe.send(Buffer.from(bytes)),
    onBytes: (taker) => {
      take = taker;
      for (const bytes of early.splice(0)) taker(bytes);
      pipe.pause(false);
    },
    pause: pipe.pause,
    ended,
    close,
  };
}
