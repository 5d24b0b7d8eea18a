import { AttemptFailure, Nonsense } from "../attempt-failure.ts";
import type { FramePlaces, ScreenSize } from "../frame-places.ts";
import { tileAt } from "../frame-places.ts";
import { preferences, updateRequest } from "../rfb/messages.ts";
import { readUpdate } from "../rfb/read-update.ts";
import { Uniformity } from "../rfb/uniformity.ts";
import type { Pipe } from "./websocket.ts";

/** A tile may come in several updates, or after one that only says that the screen has another size. */
const MOST_UPDATES_PER_TILE = 16;

/** Asks for small parts of the screen until one shows a picture; one colour everywhere is a black screen, not a desktop. */
export async function expectPicture(
  pipe: Pipe,
  screen: ScreenSize,
  places: FramePlaces,
): Promise<void> {
  pipe.send(preferences);
  let size = screen;
  for (const place of places.candidates()) {
    const look = await lookAt(pipe, size, place);
    if (!look.uniform) {
      places.remember(place);
      return;
    }
    size = look.screen;
  }
  throw new AttemptFailure({ kind: "uniform-frame" });
}

async function lookAt(
  pipe: Pipe,
  screen: ScreenSize,
  place: Parameters<typeof tileAt>[0],
): Promise<{ readonly uniform: boolean; readonly screen: ScreenSize }> {
  let seen = new Uniformity();
  let size = screen;
  let pixels = 0;
  for (let updates = 0; updates < MOST_UPDATES_PER_TILE; updates++) {
    const tile = tileAt(place, size);
    if (tile.width === 0 || tile.height === 0) throw new Nonsense("a screen without pixels");
    pipe.send(updateRequest(tile));
    const update = await readUpdate(pipe.input, size, seen);
    if (!seen.uniform) return { uniform: false, screen: update.screen };
    if (differ(size, update.screen)) {
      // What was seen of the old screen is not to be compared with the new one.
      seen = new Uniformity();
      pixels = 0;
      size = update.screen;
      continue;
    }
    pixels += update.pixels;
    if (pixels >= tile.width * tile.height) return { uniform: true, screen: size };
  }
  throw new Nonsense(`${MOST_UPDATES_PER_TILE} updates, and the part asked for is not complete`);
}

const differ = (a: ScreenSize, b: ScreenSize): boolean =>
  a.width !== b.width || a.height !== b.height;
