import type { PlayerLine } from "../player/lines.ts";

/** Somebody who watches what is played. */
export interface Audience {
  readonly take: (line: PlayerLine) => void;
  /** The play is over: resolves when all that was seen is on record. */
  readonly end: () => Promise<void>;
}
