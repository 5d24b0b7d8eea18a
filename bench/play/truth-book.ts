import { present } from "../../src/base/assert.ts";
import type { PlayerLine } from "../player/lines.ts";
import type { OutageKind } from "../player/outage.ts";
import type { SpanNs } from "../player/truth.ts";

/** One outage as it really was. */
export interface Truth {
  readonly id: string;
  readonly kind: OutageKind;
  readonly period_ms: number;
  /** Before it was struck; not there yet while none has been played. */
  readonly hiccup: SpanNs | null;
  /** When it was struck and came back, in turns. */
  readonly downs: readonly SpanNs[];
  readonly ups: readonly SpanNs[];
}

interface Entry extends Truth {
  hiccup: SpanNs | null;
  readonly downs: SpanNs[];
  readonly ups: SpanNs[];
}

/** What the player said that it did. */
export class TruthBook {
  readonly #entries = new Map<string, Entry>();

  take(line: PlayerLine): void {
    if (line.kind === "opened") {
      const { id, outage: kind, period_ms } = line;
      this.#entries.set(id, { id, kind, period_ms, hiccup: null, downs: [], ups: [] });
    }
    if (line.kind === "hiccup") this.#entry(line.id).hiccup = line.span_ns;
    if (line.kind === "down") this.#entry(line.id).downs.push(line.span_ns);
    if (line.kind === "up") this.#entry(line.id).ups.push(line.span_ns);
  }

  truths(): readonly Truth[] {
    return [...this.#entries.values()];
  }

  #entry(id: string): Entry {
    return present(this.#entries.get(id), `outage ${id}`);
  }
}

/** From the first loss to the last return. */
export function edgesOfTruth({ downs, ups }: Truth): {
  readonly down: SpanNs;
  readonly up: SpanNs;
} {
  return { down: present(downs[0], "a loss"), up: present(ups.at(-1), "a return") };
}
