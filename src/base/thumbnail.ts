import { scaledDown } from "./box-filter.ts";
import { withFewColours } from "./few-colours.ts";
import { encodePng } from "./png.ts";
import type { RgbImage } from "./rgb-image.ts";

/** What a small picture may take. */
export interface Room {
  /** Pixels each way. */
  readonly side: number;
  readonly colours: number;
  readonly bytes: number;
}

/** Side of a picture that need not be made smaller, however little room there is: a kilobyte of PNG at most. */
const SMALLEST = 16;
const STEP = 0.75;

/** A PNG of the image that takes no more than `room`. Where photographs need more bytes, it gets fewer colours first, and then smaller. */
export async function thumbnail(image: RgbImage, room: Room): Promise<Uint8Array> {
  for (let side = room.side; ; side = Math.floor(side * STEP)) {
    const scaled = scaledDown(image, side);
    for (const colours of [room.colours, room.colours / 2]) {
      const png = await encodePng(withFewColours(scaled, colours));
      if (png.length <= room.bytes || side <= SMALLEST) return png;
    }
  }
}
