import type { Instant } from "../base/time.ts";
import type { Layer } from "../model/experiment.ts";

interface Destroyable {
  readonly destroy: () => unknown;
}

/** How far one attempt has come, and the sockets that have to go when it ends. */
export class Journey {
  /** The layer under way. */
  layer: Layer = "tcp";
  /** The deepest layer that succeeded. */
  reached: Layer | null = null;
  /** Who answered, where the depth tells. */
  instance: string | null = null;
  /** When it had seen all that was asked for; what comes after is manners. */
  complete: Instant | null = null;
  /** RFB was to be left alone, and this attempt ended before it. */
  held = false;
  /** It had to wait for an earlier attempt, and so had less time than others. */
  delayed = false;
  /** When the deadline in force ends. */
  due: Instant;
  readonly #belongings: Destroyable[] = [];
  #over = false;

  constructor(due: Instant) {
    this.due = due;
  }

  /** The next layer begins. Throws when the attempt is over, which ends what is left of it after its deadline. */
  enter(layer: Layer): void {
    if (this.#over) throw new Error("the attempt is over");
    this.layer = layer;
  }

  arrive(layer: Layer): void {
    this.reached = layer;
  }

  /** Takes charge of a socket, as soon as it exists. */
  own<T extends Destroyable>(thing: T): T {
    if (this.#over) thing.destroy();
    else this.#belongings.push(thing);
    return thing;
  }

  end(): void {
    this.#over = true;
    for (const thing of this.#belongings.splice(0).toReversed()) thing.destroy();
  }
}
