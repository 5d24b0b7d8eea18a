import { assert } from "../../base/assert.ts";
import { Nonsense } from "../attempt-failure.ts";

/** What the reader waits for. */
interface Demand {
  readonly count: number;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** Who gets what comes, once nobody reads it in pieces any more. */
interface Successor {
  readonly take: (bytes: Buffer) => void;
  readonly ended: (why: Error) => void;
}

/**
 * A stream of bytes that arrive in pieces of any size and are read in pieces of a wanted size. One reader at a time.
 * After a failure, what had arrived before can still be read.
 */
export class ByteReader {
  readonly #limit: number;
  #queue: Buffer[] = [];
  #queued = 0;
  #received = 0;
  #failure: Error | null = null;
  #demand: Demand | null = null;
  #successor: Successor | null = null;

  /** `limit` is the most that may arrive in the reader's life, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(bytes: Buffer): void {
    // Empty ones (a WebSocket's empty message) would never reach the limit, and yet pile up.
    if (this.#failure !== null || bytes.length === 0) return;
    if (this.#successor !== null) {
      this.#successor.take(bytes);
      return;
    }
    this.#received += bytes.length;
    if (this.#received > this.#limit) {
      this.fail(new Nonsense(`more than ${this.#limit} bytes were sent`));
      return;
    }
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#serve();
  }

  /** No more will come. The first reason holds. */
  fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#serve();
    this.#successor?.ended(error);
  }

  /** Nobody reads from now on: what is here, and all that comes, is handed on as it is, without a limit, and then why it ended. */
  handOver(successor: Successor): void {
    assert(this.#demand === null, "somebody reads the stream that is handed over");
    if (this.#queued > 0) successor.take(this.#take(this.#queued));
    this.#successor = successor;
    if (this.#failure !== null) successor.ended(this.#failure);
  }

  /** The next `count` bytes, as soon as they are there. */
  async read(count: number): Promise<Buffer> {
    assert(this.#demand === null, "two readers of one stream");
    return await new Promise<Buffer>((resolve, reject) => {
      this.#demand = { count, resolve, reject };
      this.#serve();
    });
  }

  async readByte(): Promise<number> {
    return (await this.read(1)).readUInt8(0);
  }

  async readUInt32(): Promise<number> {
    return (await this.read(4)).readUInt32BE(0);
  }

  #serve(): void {
    const demand = this.#demand;
    if (demand === null) return;
    if (this.#queued >= demand.count) {
      this.#demand = null;
      demand.resolve(this.#take(demand.count));
    } else if (this.#failure !== null) {
      this.#demand = null;
      demand.reject(this.#failure);
    }
  }

  #take(count: number): Buffer {
    const first = this.#queue[0];
    const whole =
      this.#queue.length === 1 && first !== undefined ? first : Buffer.concat(this.#queue);
    this.#queue = whole.length > count ? [whole.subarray(count)] : [];
    this.#queued -= count;
    return whole.subarray(0, count);
  }
}
