import { either, orAborted } from "../../base/abort.ts";
import { AssertionError } from "../../base/assert.ts";
import { OperatingError } from "../../base/errors.ts";
import { formatDuration } from "../../base/time.ts";
import type { DesktopViews, Picture } from "../../contracts/viewing.ts";
import type { AttemptMeans } from "../attempt.ts";
import type { Manners } from "../manners.ts";
import type { Session } from "../session/open-session.ts";
import { inWords } from "../session/open-session.ts";
import { notSeen, openView } from "../view/open-view.ts";
import { wholeScreen } from "./whole-screen.ts";

/** A session of its own for one picture, which is then left. */
export async function takePicture(
  look: Parameters<DesktopViews["picture"]>[0],
  means: AttemptMeans & { readonly manners: Manners },
  signal: AbortSignal,
): Promise<Picture> {
  const limit = means.clock.timeout(look.limit);
  const ends = either(signal, limit);
  let session: Session | null = null;
  try {
    session = await openView(look, means, ends);
    return await orAborted(wholeScreen(session, means.clock), ends);
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    signal.throwIfAborted();
    if (limit.aborted) {
      throw notSeen(`its picture was not there within ${formatDuration(look.limit)}`, error);
    }
    if (error instanceof OperatingError) throw error;
    throw notSeen(inWords(error, { layer: "frame" }), error);
  } finally {
    session?.journey.end();
  }
}
