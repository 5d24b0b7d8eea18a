import type { Rectangle } from "./rectangle.ts";

/**
 * What a lab's desktop shows: a clock, a bar that runs along the bottom, and in every tile of 64 x 64 pixels a lamp that
 * blinks, so that any such piece of the picture moves and none is of one colour. A pure function of place and frame.
 */
export const SCREEN = { x: 0, y: 0, width: 800, height: 600 } as const satisfies Rectangle;

/** Eight bits each of red, green and blue, as 0xRRGGBB. */
export type Colour = number;

/** What a frame shows, apart from its place. */
export interface Frame {
  /** Counts the frames. */
  readonly number: number;
  /** Seconds of the lab's wall clock, for the hands of the clock. */
  readonly seconds: number;
}

const TILE = 64;
const LAMP = 8;
const CLOCK = { x: 300, y: 200, radius: 100 } as const;
const CLOCK_BOX: Rectangle = { x: CLOCK.x, y: CLOCK.y, width: 200, height: 200 };
const BAND: Rectangle = { x: 0, y: 560, width: SCREEN.width, height: 40 };
const BAR = { width: 48, step: 8 } as const;

const BAND_COLOUR = 0x10_1c_2a;
const BAR_COLOUR = 0xff_9e_2c;
const FACE = 0xf4_f1_e8;
const RIM = 0x20_2a_36;

/** All that can differ between one frame and the next. */
export const movingParts: readonly Rectangle[] = [CLOCK_BOX, BAND, ...lamps()];

/** Paints a rectangle of the screen, row by row, by calling `plot` for each of its pixels in order. */
export function paint(area: Rectangle, frame: Frame, plot: (colour: Colour) => void): void {
  const hands = handsAt(frame.seconds);
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) plot(colourAt(x, y, frame, hands));
  }
}

function colourAt(x: number, y: number, frame: Frame, hands: readonly Hand[]): Colour {
  if (x % TILE < LAMP && y % TILE < LAMP) return lampColour(x, y, frame.number);
  if (y >= BAND.y) return bandColour(x, frame.number);
  const dx = x - CLOCK.x - CLOCK.radius;
  const dy = y - CLOCK.y - CLOCK.radius;
  const distance = Math.hypot(dx, dy);
  return distance < CLOCK.radius ? clockColour(dx, dy, distance, hands) : background(x, y);
}

function lampColour(x: number, y: number, frame: number): Colour {
  const tile = Math.floor(x / TILE) + Math.floor(y / TILE);
  return (tile + frame) % 2 === 0 ? 0xff_e0_66 : 0x5a_4a_10;
}

function bandColour(x: number, frame: number): Colour {
  const start = (frame * BAR.step) % SCREEN.width;
  return (x - start + SCREEN.width) % SCREEN.width < BAR.width ? BAR_COLOUR : BAND_COLOUR;
}

/** A blue evening sky with a faint grid. */
function background(x: number, y: number): Colour {
  const light = x % 16 === 0 || y % 16 === 0 ? 12 : 0;
  const red = 30 + Math.floor((y * 60) / SCREEN.height) + light;
  const green = 60 + Math.floor((x * 50) / SCREEN.width) + light;
  const blue = 110 + Math.floor((y * 40) / SCREEN.height) + light;
  return (red << 16) | (green << 8) | blue;
}

interface Hand {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly width: number;
  readonly colour: Colour;
}

function clockColour(dx: number, dy: number, distance: number, hands: readonly Hand[]): Colour {
  if (distance > CLOCK.radius - 6) return RIM;
  const hit = hands.find((hand) => isOn(hand, dx, dy));
  return hit?.colour ?? FACE;
}

function isOn(hand: Hand, dx: number, dy: number): boolean {
  const along = dx * hand.x + dy * hand.y;
  return along > -8 && along < hand.length && Math.abs(dx * hand.y - dy * hand.x) < hand.width;
}

/** The hand drawn last lies lowest: seconds above minutes above hours. */
function handsAt(seconds: number): readonly Hand[] {
  const hand = (turns: number, rest: Omit<Hand, "x" | "y">): Hand => ({
    x: Math.sin(turns * 2 * Math.PI),
    y: -Math.cos(turns * 2 * Math.PI),
    ...rest,
  });
  return [
    hand(seconds / 60, { length: 84, width: 1.5, colour: 0xc8_28_28 }),
    hand(seconds / 3600, { length: 78, width: 3, colour: RIM }),
    hand(seconds / 43_200, { length: 52, width: 4.5, colour: RIM }),
  ];
}

function lamps(): readonly Rectangle[] {
  const all: Rectangle[] = [];
  for (let y = 0; y < BAND.y; y += TILE) {
    for (let x = 0; x < SCREEN.width; x += TILE) all.push({ x, y, width: LAMP, height: LAMP });
  }
  return all;
}
