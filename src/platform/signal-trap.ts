/** Why a run that the user stopped was aborted. */
export class Interrupted extends Error {
  readonly signalName: string;

  constructor(signalName: string) {
    super(`interrupted by ${signalName}`);
    this.name = "Interrupted";
    this.signalName = signalName;
  }
}

/** What a trap listens to; Node's `process` is one. */
export interface SignalSource {
  on(name: StopSignal, listener: (name: StopSignal) => void): unknown;
  off(name: StopSignal, listener: (name: StopSignal) => void): unknown;
}
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const STOP_SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** One Ctrl-C under npm comes twice, from the terminal and from npm: signals this close together are one wish. */
const SAME_WISH_MS = 300;

/**
 * Turns the first signal to stop into an aborted `AbortSignal`, so that the run stops and heals, and reports each later
 * one. Without a trap the process would end at once and leave a node off.
 */
export class SignalTrap {
  readonly #controller = new AbortController();
  readonly #source: SignalSource;
  readonly #onAgain: (name: StopSignal) => void;
  readonly #nowMs: () => number;
  #firstMs: number | null = null;

  constructor(
    onAgain: (name: StopSignal) => void,
    source: SignalSource = process,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#onAgain = onAgain;
    this.#source = source;
    this.#nowMs = nowMs;
    for (const name of STOP_SIGNALS) source.on(name, this.#onSignal);
  }

  /** Aborted with `Interrupted` by the first signal, or by `interrupt`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * The same wish by another way than a signal: `name` is whose. However often it is said it is one wish, and it counts as none of
   * the signals, so that nobody leaves at once who presses Ctrl-C for the first time.
   */
  interrupt(name: string): void {
    this.#controller.abort(new Interrupted(name));
  }

  /** Signals act again as they do without a trap. */
  close(): void {
    for (const name of STOP_SIGNALS) this.#source.off(name, this.#onSignal);
  }

  readonly #onSignal = (name: StopSignal): void => {
    const now = this.#nowMs();
    if (this.#firstMs === null) {
      this.#firstMs = now;
      this.#controller.abort(new Interrupted(name));
    } else if (now - this.#firstMs > SAME_WISH_MS) {
      this.#onAgain(name);
    }
  };
}
