import type { Instant } from "../../base/time.ts";
import { after, before, seconds } from "../../base/time.ts";
import { lastTurn, untilNextTurn } from "./grid.ts";

/** `updateRuntimeUp` asks the runtime this often (kubelet.go:1403). */
export const RUNTIME_CHECK = seconds(5);
/** `maxWaitForContainerRuntime`: so long after the last answer the runtime counts as down (kubelet.go:125, runtime.go:79). */
const PATIENCE = seconds(30);

/**
 * What a kubelet knows of its container runtime: it asks it in a loop of its own. No turn of the loop is an event; what they
 * have found is worked out when somebody wants to know.
 */
export class RuntimeWatch {
  readonly #start: Instant;
  /** When it last answered, of a runtime that has stopped answering since; null: it answers. */
  #lastAnswer: Instant | null = null;
  #returned: Instant | null = null;

  /** The loop turns at `start`, and every period before and after it. */
  constructor(start: Instant) {
    this.#start = start;
  }

  /** It answers no longer; or, of a kubelet that has just started, it has never answered. */
  lost(now: Instant, ever = true): void {
    if (this.#answered(now)) this.#lastAnswer = lastTurn(this.#start, RUNTIME_CHECK, now);
    if (!ever) this.#lastAnswer = before(now, PATIENCE);
    this.#returned = null;
  }

  returned(now: Instant): void {
    if (this.#lastAnswer !== null) this.#returned = now;
  }

  /** The kubelet was stopped (SIGSTOP) and goes on: the question that was under way is answered before anything is posted. */
  forgive(now: Instant): void {
    if (!this.#answered(now)) this.#lastAnswer = now;
  }

  isDown(now: Instant): boolean {
    if (this.#answered(now) || this.#lastAnswer === null) return false;
    return now >= after(this.#lastAnswer, PATIENCE);
  }

  /** A runtime that is back is not known to be before the next turn. */
  #answered(now: Instant): boolean {
    if (this.#lastAnswer === null) return true;
    if (this.#returned === null) return false;
    const asked = after(this.#returned, untilNextTurn(this.#start, RUNTIME_CHECK, this.#returned));
    if (now < asked) return false;
    this.#lastAnswer = null;
    this.#returned = null;
    return true;
  }
}
