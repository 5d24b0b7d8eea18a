/** A part of the screen, in pixels. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** Where on a screen, as fractions of the room there is. */
interface Place {
  readonly across: number;
  readonly down: number;
}

/** The most that one request asks for, in pixels each way (DESIGN section 6). */
const TILE_SIDE = 64;
/** How many places one attempt looks at before it calls the frame uniform. */
const LOOKS_PER_ATTEMPT = 3;
/** The plastic number's powers: steps of the R2 sequence, whose points soon lie near every point of a screen. */
const STEP_ACROSS = 0.7548776662466927;
const STEP_DOWN = 0.5698402909980532;

/**
 * Where to look for a picture. The place that last showed one comes first, so that the same spot is compared through a
 * trial; while it is uniform, each attempt looks at two more, so that a plain background hides no desktop for long.
 */
export class FramePlaces {
  #known: Place | null = null;
  #looks = 0;

  /** The places for one attempt, in order. */
  *candidates(): Generator<Place> {
    const known = this.#known;
    if (known !== null) yield known;
    for (let looks = known === null ? 0 : 1; looks < LOOKS_PER_ATTEMPT; looks++) {
      yield this.#next();
    }
  }

  remember(place: Place): void {
    this.#known = place;
  }

  /** The first one is the centre. */
  #next(): Place {
    const count = this.#looks++;
    return {
      across: (0.5 + count * STEP_ACROSS) % 1,
      down: (0.5 + count * STEP_DOWN) % 1,
    };
  }
}

/** The whole screen in pieces that one request may ask for, row by row. */
export function tilesOf(screen: ScreenSize): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let y = 0; y < screen.height; y += TILE_SIDE) {
    const height = Math.min(TILE_SIDE, screen.height - y);
    for (let x = 0; x < screen.width; x += TILE_SIDE) {
      tiles.push({ x, y, width: Math.min(TILE_SIDE, screen.width - x), height });
    }
  }
  return tiles;
}

export function tileAt(place: Place, screen: ScreenSize, side = TILE_SIDE): Tile {
  const width = Math.min(side, screen.width);
  const height = Math.min(side, screen.height);
  return {
    x: Math.floor((screen.width - width) * place.across),
    y: Math.floor((screen.height - height) * place.down),
    width,
    height,
  };
}
