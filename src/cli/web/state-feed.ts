import type { LiveState } from "../../live/live-state.ts";
import { changeBetween, eventName } from "../../ui/page-events.ts";
import type { EventHub, PageEvent } from "./event-hub.ts";

/** Four times a second is as often as a page has to be told. */
const PAUSE_MS = 250;

/** Tells pages what has changed, together and not too often; whoever comes later is told everything first. */
export class StateFeed {
  readonly #hub: Pick<EventHub, "send">;
  readonly #nowMs: () => number;
  #told: LiveState | null = null;
  #latest: LiveState;
  #timer: NodeJS.Timeout | null = null;

  /** @param nowMs the run's clock */
  constructor(hub: Pick<EventHub, "send">, first: LiveState, nowMs: () => number) {
    this.#hub = hub;
    this.#latest = first;
    this.#nowMs = nowMs;
  }

  /** All that is known, for one who comes now: as it was told to the others last, so that the next change fits. */
  get snapshot(): PageEvent {
    const told = (this.#told ??= this.#latest);
    return { name: eventName.state, data: changeBetween(null, told, this.#nowMs()) };
  }

  update(state: LiveState): void {
    this.#latest = state;
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, PAUSE_MS).unref();
  }

  /** Tells at once what has not been told. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#told === this.#latest) return;
    const data = changeBetween(this.#told, this.#latest, this.#nowMs());
    this.#told = this.#latest;
    this.#hub.send({ name: eventName.state, data });
  }
}
