/** A browser opens six connections to one host: with as many streams as that it could ask for nothing else any more. */
const MOST_CLIENTS = 4;
/** What one may leave unread before it is dropped. */
const MOST_UNSENT_BYTES = 1 << 20;

export interface PageEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Server-sent events to several browsers. Whoever does not read, or closes its page, changes nothing for the others or for us. */
export class EventHub {
  readonly #clients = new Map<ReadableStreamDefaultController<Uint8Array>, () => void>();
  #ended = false;

  /**
   * The stream of one more browser; null: there are too many.
   * @param first what it is told at once
   * @param hangUp ends its connection
   */
  open(first: readonly PageEvent[], hangUp: () => void): ReadableStream<Uint8Array> | null {
    if (this.#clients.size >= MOST_CLIENTS) return null;
    let own: ReadableStreamDefaultController<Uint8Array>;
    const known = first.map(encoded);
    // All that is known of a long run may be large; that it is not read yet says nothing of its reader.
    const knownBytes = known.reduce((sum, { length }) => sum + length, 0);
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.#clients.set(own, hangUp);
          for (const bytes of known) own.enqueue(bytes);
          if (this.#ended) this.#close(own);
        },
        cancel: () => {
          this.#clients.delete(own);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_UNSENT_BYTES + knownBytes }),
    );
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Written once, for all. */
  send(event: PageEvent): void {
    if (this.#clients.size === 0) return;
    const bytes = encoded(event);
    for (const client of this.#clients.keys()) this.#give(client, bytes);
  }

  /** What was sent before is still read. */
  end(): void {
    this.#ended = true;
    for (const client of this.#clients.keys()) this.#close(client);
  }

  #give(client: ReadableStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
    if ((client.desiredSize ?? 0) > 0) {
      client.enqueue(bytes);
      return;
    }
    const hangUp = this.#clients.get(client);
    this.#close(client);
    hangUp?.();
  }

  #close(client: ReadableStreamDefaultController<Uint8Array>): void {
    this.#clients.delete(client);
    client.close();
  }
}

/** JSON has no line breaks of its own, so each event is one line of data. */
const encoded = ({ name, data }: PageEvent): Uint8Array =>
  new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
