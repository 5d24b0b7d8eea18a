import { OperatingError } from "../base/errors.ts";
import type { ControlPlaneEvent } from "../model/cluster-facts.ts";

/** A cluster tells some tens while it fails over. Those that wait for the disk are memory. */
const MOST_UNWRITTEN = 10_000;
/** Of one trial, however quickly the disk takes them: a report has to read them all again. */
const MOST = 100_000;

/** Takes what an observer tells without letting it wait, writes it, and is not flooded: an API server may tell anything. */
export class EventIntake {
  readonly #write: (event: ControlPlaneEvent) => Promise<void>;
  readonly #fail: (error: unknown) => void;
  #taken = 0;
  #unwritten = 0;
  #flooded = false;

  /** `fail` hears of what could not be written, and, once, of a flood; after that nothing is taken any more. */
  constructor(write: (event: ControlPlaneEvent) => Promise<void>, fail: (error: unknown) => void) {
    this.#write = write;
    this.#fail = fail;
  }

  take(event: ControlPlaneEvent): void {
    if (this.#flooded) return;
    if (this.#unwritten === MOST_UNWRITTEN || this.#taken === MOST) {
      this.#flooded = true;
      this.#fail(flood(event, this.#unwritten === MOST_UNWRITTEN ? MOST_UNWRITTEN : MOST));
      return;
    }
    this.#taken += 1;
    this.#unwritten += 1;
    void this.#put(event);
  }

  async #put(event: ControlPlaneEvent): Promise<void> {
    try {
      await this.#write(event);
    } catch (error) {
      this.#fail(error);
    }
    this.#unwritten -= 1;
  }
}

const flood = ({ kind, source }: ControlPlaneEvent, most: number): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot follow the control plane as it floods us: ${most} events, the last of them ${kind} from ${source}. No cluster changes so often: look at what this API server answers`,
  );
