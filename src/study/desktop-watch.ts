import { orAborted } from "../base/abort.ts";
import type { Instant } from "../base/time.ts";
import { instantInMs } from "../base/time.ts";
import type { Sample } from "../model/sample.ts";

/**
 * What a trial needs to know of the samples while they come in: is it steady, is it lost, does it answer again. Exact
 * edges are computed later, from the samples on disk.
 */
export class DesktopWatch {
  readonly #consecutive: number;
  #goodInARow = 0;
  #instance: string | null = null;
  #lastFailure = "no attempt has ended yet";
  #faultAtMs = Number.POSITIVE_INFINITY;
  #lost = false;
  #waiters: readonly Waiter[] = [];

  constructor(consecutive: number) {
    this.#consecutive = consecutive;
  }

  /** How the latest bad attempt failed, for messages. */
  get lastFailure(): string {
    return this.#lastFailure;
  }

  /** Who answered last, as far as the depth tells. */
  get instance(): string | null {
    return this.#instance;
  }

  readonly add = (sample: Sample): void => {
    if (sample.target !== "desktop") return;
    switch (sample.result.kind) {
      case "good":
        this.#goodInARow += 1;
        this.#instance = sample.result.instance;
        break;
      case "bad":
        this.#goodInARow = 0;
        this.#lastFailure = describeFailure(sample);
        if (sample.scheduled_ms >= this.#faultAtMs) this.#lost = true;
        break;
      case "unobserved":
        break;
    }
    const due = this.#waiters.filter((waiter) => waiter.condition());
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const waiter of due) waiter.resolve();
  };

  /** Attempts from here on can show the loss; earlier ones cannot. */
  faultRequested(instant: Instant): void {
    this.#faultAtMs = instantInMs(instant);
    this.#lost = false;
  }

  async steady(signal: AbortSignal): Promise<void> {
    this.#goodInARow = 0;
    await this.#until(() => this.#goodInARow >= this.#consecutive, signal);
  }

  async lost(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#lost, signal);
  }

  async answeringAgain(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#lost && this.#goodInARow >= this.#consecutive, signal);
  }

  async #until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    if (condition()) return;
    const waiting = new Promise<void>((resolve) => {
      this.#waiters = [...this.#waiters, { condition, resolve }];
    });
    await orAborted(waiting, signal);
  }
}

interface Waiter {
  readonly condition: () => boolean;
  readonly resolve: () => void;
}

function describeFailure(sample: Sample): string {
  if (sample.result.kind !== "bad") return "";
  const { failure, reached } = sample.result;
  const { kind, ...details } = failure;
  const rest = Object.values(details).map(String).join(", ");
  return `${kind}${rest === "" ? "" : ` (${rest})`}, deepest layer ${reached ?? "none"}`;
}
