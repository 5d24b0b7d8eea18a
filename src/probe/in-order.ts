import type { Sample } from "../model/sample.ts";

/**
 * Attempts end in any order; samples are handed on in the order of the grid. Holds back no more than started within one
 * attempt's deadline.
 */
export class InOrder {
  readonly #emit: (sample: Sample) => void;
  readonly #early = new Map<number, Sample>();
  #next = 0;

  constructor(emit: (sample: Sample) => void) {
    this.#emit = emit;
  }

  add(sample: Sample): void {
    this.#early.set(sample.seq, sample);
    for (let due = this.#early.get(this.#next); due !== undefined;) {
      this.#early.delete(this.#next);
      this.#next += 1;
      this.#emit(due);
      due = this.#early.get(this.#next);
    }
  }
}
