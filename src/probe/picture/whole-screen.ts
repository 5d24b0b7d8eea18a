import { spanOf } from "../../base/interval.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Picture } from "../../contracts/viewing.ts";
import { Nonsense } from "../attempt-failure.ts";
import type { ScreenSize, Tile } from "../frame-places.ts";
import { tilesOf } from "../frame-places.ts";
import type { Pipe } from "../layers/websocket.ts";
import { preferences, updateRequest } from "../rfb/messages.ts";
import { readUpdate } from "../rfb/read-update.ts";
import type { Session } from "../session/open-session.ts";
import { Canvas } from "./canvas.ts";

/** 4096 x 2160: a larger screen is no desktop of this kind, and no picture is taken of it. It bounds what is held in memory. */
const MOST_PIXELS = 4096 * 2160;
/**
 * How many tiles are asked for ahead of their answers, since a round trip each would take too long far away. Servers put
 * several requests together into one answer (RFC 6143, 7.5.3).
 */
const AHEAD = 16;
/** A screen may be given another size meanwhile; one that always is stands never still. */
const MOST_SIZES = 3;
/** Updates that bring nothing new of the picture. */
const MOST_IN_VAIN = 100;

/** All of the screen, tile by tile, as it is now. Throws what the session breaks with, or `Nonsense`. */
export async function wholeScreen(session: Session, clock: Clock): Promise<Picture> {
  let { screen } = session;
  session.pipe.send(preferences);
  for (let sizes = 0; sizes < MOST_SIZES; sizes++) {
    assertFits(screen);
    const canvas = new Canvas(screen);
    const asked = clock.now();
    const size = await fill(canvas, session.pipe);
    if (canvas.isWhole) {
      return {
        ...screen,
        rgb: canvas.rgb,
        taken: spanOf(asked, clock.now()),
        instance: session.journey.instance ?? session.name,
      };
    }
    screen = size;
  }
  throw new Nonsense("its screen is given other sizes all the time");
}

/** Until the canvas is whole, or the screen has another size, which it tells. */
async function fill(canvas: Canvas, { input, send }: Pipe): Promise<ScreenSize> {
  const { screen } = canvas;
  const tiles = tilesOf(screen)[Symbol.iterator]();
  let asked: readonly Tile[] = [];
  // Whoever answers with the whole screen, as QEMU may, is not to be asked for it sixteen times.
  let ahead = 1;
  for (let inVain = 0; !canvas.isWhole;) {
    const more = missingOf(canvas, tiles, ahead - asked.length);
    for (const tile of more) send(updateRequest(tile));
    const { missing } = canvas;
    const update = await readUpdate(input, screen, canvas);
    if (!isSame(update.screen, screen)) return update.screen;
    inVain = canvas.missing < missing ? 0 : inVain + 1;
    if (inVain === MOST_IN_VAIN) throw new Nonsense("it sends all but what it is asked for");
    asked = [...asked, ...more].filter((tile) => !canvas.covers(tile));
    ahead = AHEAD;
  }
  return screen;
}

/** The next tiles of which something is missing, `most` at most. */
function missingOf(canvas: Canvas, tiles: IterableIterator<Tile>, most: number): readonly Tile[] {
  const found: Tile[] = [];
  while (found.length < most) {
    const next = tiles.next();
    if (next.done === true) break;
    if (!canvas.covers(next.value)) found.push(next.value);
  }
  return found;
}

function assertFits({ width, height }: ScreenSize): void {
  if (width * height === 0) throw new Nonsense("its screen has no pixels");
  if (width * height <= MOST_PIXELS) return;
  throw new Nonsense(
    `its screen of ${width} x ${height} pixels is larger than 4096 x 2160, the most that a picture is taken of`,
  );
}

const isSame = (a: ScreenSize, b: ScreenSize): boolean =>
  a.width === b.width && a.height === b.height;
