import type { Writable } from "node:stream";

/**
 * A stream of the process that may be lost at any moment: a reader stops reading (`| head`), a terminal or an SSH session
 * goes away, a disk is full. That ends the output, and never a trial that has to heal: nothing is thrown.
 */
export class Outlet {
  readonly #stream: Writable;
  #failure: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", this.#onFailure);
  }

  write(text: string): void {
    if (this.#failure !== null) return;
    try {
      this.#stream.write(text);
      // The event comes later than the failure, and after the last write of a process perhaps never.
      if (this.#stream.errored !== null) this.#onFailure(this.#stream.errored);
    } catch (error) {
      this.#onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Why something is missing in what was written; null: nothing is, or whoever read it wanted no more. */
  get lost(): string | null {
    const failure: NodeJS.ErrnoException | null = this.#failure;
    return failure === null || failure.code === "EPIPE" ? null : failure.message;
  }

  readonly #onFailure = (error: Error): void => {
    this.#failure ??= error;
  };
}
