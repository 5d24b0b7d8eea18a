import { HeldBack } from "./attempt-failure.ts";
import type { Journey } from "./journey.ts";

/**
 * TigerVNC's `BlacklistThreshold` is 5: it counts the connections of an address (behind websockify that is everybody's)
 * since the last one that authenticated, finished or not, and after five refuses that address. This leaves one to others.
 */
const MOST_AT_ONCE = 4;

/** One handshake's place. It is left when the handshake is over: by `admitted`, or else by `destroy`. */
export interface Pass {
  readonly admitted: () => void;
  readonly destroy: () => void;
}

interface Visitor {
  readonly comeIn: () => void;
  readonly sendAway: (why: HeldBack) => void;
}

/**
 * How many RFB handshakes with one desktop may be under way at once: four, but one alone until it has let us in, and
 * again after any handshake that did not end so, since a wrong password, or a VNC server that hangs, must not bring five
 * failures together. While one alone is inside, others wait: if nobody is let in before their deadline, they have timed
 * out like it.
 */
export class Turnstile {
  #underWay = 0;
  #most = 1;
  #waiting: Visitor[] = [];

  /** Resolves inside. Throws `HeldBack` for one too many, who would not have to wait if others were not slow. */
  async enter(journey: Journey): Promise<Pass> {
    if (this.#underWay < this.#most) this.#underWay += 1;
    else if (this.#most > 1) {
      throw new HeldBack(crowded(this.#underWay));
    } else {
      await this.#turn(journey);
      journey.delayed = true;
    }
    return journey.own(this.#pass());
  }

  /** Those who wait would be turned away as well. */
  dismiss(): void {
    this.#sendAway("an earlier attempt, for which this one waited, was turned away");
  }

  async #turn(journey: Journey): Promise<void> {
    await new Promise<void>((comeIn, sendAway) => {
      const visitor = { comeIn, sendAway };
      this.#waiting.push(visitor);
      journey.own({
        destroy: () => {
          this.#waiting = this.#waiting.filter((each) => each !== visitor);
        },
      });
    });
  }

  #pass(): Pass {
    let isInside = true;
    const leave = (mostFromNow: number): void => {
      if (!isInside) return;
      isInside = false;
      this.#underWay -= 1;
      this.#most = mostFromNow;
      this.#letIn();
    };
    const admitted = (): void => {
      leave(MOST_AT_ONCE);
      // Who would time out now would have done so though the desktop lets people in.
      this.#sendAway(crowded(this.#underWay));
    };
    return { admitted, destroy: () => leave(1) };
  }

  #sendAway(why: string): void {
    for (const visitor of this.#waiting.splice(0)) visitor.sendAway(new HeldBack(why));
  }

  /** The last to come goes in first: it has the most time left to end what it begins. */
  #letIn(): void {
    while (this.#underWay < this.#most) {
      const next = this.#waiting.pop();
      if (next === undefined) return;
      this.#underWay += 1;
      next.comeIn();
    }
  }
}

const crowded = (underWay: number): string =>
  `${underWay} earlier handshakes were under way, and more may lock everybody out`;
