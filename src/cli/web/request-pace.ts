import type { Duration, Instant } from "../../base/time.ts";
import { after, between, later, longer, milliseconds, seconds, zero } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { UpdateRequest } from "./view-filter.ts";

/** Pictures a second: enough to see that a desktop lives. */
const BETWEEN_REQUESTS: Duration = milliseconds(200);
/** What a viewer may cost the probe's machine. */
const BYTES_PER_SECOND = 4_000_000;

/**
 * Holds a viewer's requests back, so that it takes little of the machine that measures and of the desktop that is measured.
 * In real time, as it is about real work. Requests that come while one waits are asked together.
 */
export class RequestPace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #send: (request: UpdateRequest) => void;
  #waiting: UpdateRequest | null = null;
  #next: Instant;

  constructor(clock: Clock, signal: AbortSignal, send: (request: UpdateRequest) => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#send = send;
    this.#next = clock.now();
  }

  ask(request: UpdateRequest): void {
    const waits = this.#waiting !== null;
    this.#waiting = this.#waiting === null ? request : together(this.#waiting, request);
    if (!waits) void this.#sendInTime();
  }

  /** How long the desktop has to be let alone until what it has sent is paid for. */
  get debt(): Duration {
    return longer(between(this.#clock.now(), this.#next), zero);
  }

  /** So many bytes have come for the viewer. */
  received(bytes: number): void {
    const from = later(this.#next, this.#clock.now());
    this.#next = after(from, seconds(bytes / BYTES_PER_SECOND));
  }

  async #sendInTime(): Promise<void> {
    try {
      await this.#clock.sleep(this.debt, this.#signal);
    } catch {
      return;
    }
    const request = this.#waiting;
    this.#waiting = null;
    this.#next = later(this.#next, after(this.#clock.now(), BETWEEN_REQUESTS));
    if (request !== null) this.#send(request);
  }
}

/** What RFB can say of a place or a size, in pixels. */
const LARGEST = 65_535;

/** The smallest rectangle around both; all of it where one of them asked for all. */
function together(a: UpdateRequest, b: UpdateRequest): UpdateRequest {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    incremental: a.incremental && b.incremental,
    x,
    y,
    width: Math.min(Math.max(a.x + a.width, b.x + b.width), LARGEST) - x,
    height: Math.min(Math.max(a.y + a.height, b.y + b.height), LARGEST) - y,
  };
}
