import type { Instant } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import type { Simulation } from "./simulation.ts";

/**
 * How a living node stands outside the ring. `alone`: its corosync hears nobody, and its writes wait until it has given
 * the others up; from then on it has no quorum. `frozen`: its corosync stands still, so that its writes wait for as
 * long, and nobody tells pmxcfs that anything changed. `absent`: no corosync or no pmxcfs, so no quorum, at once.
 */
export type OutsideStanding = "alone" | "frozen" | "absent";

/** One node outside the ring, with its own view of who is a member. */
export class Outsider {
  readonly #simulation: Simulation;
  readonly #node: string;
  #standing: OutsideStanding = "absent";
  #members: ReadonlySet<string>;
  #waiting: (() => void)[];
  #givingUp: Cancel | null = null;
  readonly #onAlone: () => void;

  /** `members` and `waiting` are what it had as a member; `onAlone` is called when it has given the others up. */
  constructor(
    simulation: Simulation,
    node: string,
    had: { readonly members: ReadonlySet<string>; readonly waiting: readonly (() => void)[] },
    onAlone: () => void,
  ) {
    this.#simulation = simulation;
    this.#node = node;
    this.#members = had.members;
    this.#waiting = [...had.waiting];
    this.#onAlone = onAlone;
  }

  get standing(): OutsideStanding {
    return this.#standing;
  }

  get members(): ReadonlySet<string> {
    return this.#members;
  }

  /** `givesUpAt` is when it will have given the others up, if it hears nobody. */
  become(standing: OutsideStanding, givesUpAt: Instant): void {
    this.#standing = standing;
    this.stop();
    if (standing === "absent") this.#giveUp();
    if (standing === "alone" && this.#members.size > 1) {
      this.#givingUp = this.#simulation.at(givesUpAt, () => {
        this.#simulation.truth("alone", this.#node);
        this.#giveUp();
      });
    }
  }

  /** Does it now, when the node knows how it stands, or later. */
  write(run: () => void): void {
    const hasGivenUp = this.#members.size === 1;
    if (this.#standing === "absent" || (this.#standing === "alone" && hasGivenUp)) run();
    else this.#waiting.push(run);
  }

  /** The writes that wait, for whoever goes on with them. */
  stop(): readonly (() => void)[] {
    this.#givingUp?.();
    this.#givingUp = null;
    return this.#waiting;
  }

  #giveUp(): void {
    this.#members = new Set([this.#node]);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
    this.#onAlone();
  }
}
