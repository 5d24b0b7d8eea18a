import type { Socket } from "node:net";
import { connect } from "node:net";
import { milliseconds } from "../../base/time.ts";
import { assert } from "../../base/assert.ts";
import type { Clock } from "../../contracts/clock.ts";
import { Grave } from "./grave.ts";
import { Listener } from "./listener.ts";
import type { LabHost } from "./network.ts";
import { descriptorOf, shrinkBacklog, SHRUNKEN_QUEUE } from "./raw-handle.ts";

type Accept = (socket: Socket) => void;

/** Real milliseconds that a connection over loopback is given to complete; it takes a tenth of one. */
const FILL_LIMIT_MS = 20;

/**
 * A machine on loopback. While it is silent its sockets lie in graves (see there), with their accept queues full, so
 * that the kernel drops further SYNs: a connection attempt times out as at a dead address.
 */
export class LoopbackHost implements LabHost {
  readonly name: string;
  readonly address: string;
  readonly #clock: Clock;
  readonly #accepts = new Map<number, Accept>();
  readonly #listeners = new Map<number, Listener>();
  readonly #buried = new Set<number>();
  #graves: Grave[] = [];
  #fillers: Socket[] = [];
  #silent = false;
  #isStalled = false;
  /** What `#silent` was at the change that is being made; the former runs ahead of the latter. */
  #dead = false;
  /** Changes are made one after another, in the order in which they were asked for. */
  #last: Promise<void> = Promise.resolve();

  constructor(name: string, address: string, clock: Clock) {
    this.name = name;
    this.address = address;
    this.#clock = clock;
  }

  get silent(): boolean {
    return this.#silent;
  }

  async listen(port: number, accept: Accept): Promise<void> {
    await this.#inTurn(async () => {
      assert(!this.#accepts.has(port), `${this.name} already listens on port ${port}`);
      if (!this.#buried.has(port)) await this.#open(port, accept);
      this.#accepts.set(port, accept);
      if (this.#dead) await this.#bury();
    });
  }

  async unlisten(port: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#accepts.delete(port);
      const listener = this.#listeners.get(port);
      this.#listeners.delete(port);
      await listener?.close();
    });
  }

  async silence(): Promise<void> {
    if (this.#silent) return;
    this.#silent = true;
    await this.#inTurn(async () => {
      this.#dead = true;
      await this.#bury();
    });
  }

  async wake(): Promise<void> {
    if (!this.#silent) return;
    this.#silent = false;
    await this.#inTurn(async () => {
      this.#dead = false;
      await this.#exhume();
      for (const [port, accept] of this.#accepts) await this.#open(port, accept);
    });
  }

  stall(): void {
    this.#isStalled = true;
    for (const listener of this.#listeners.values()) listener.stall();
  }

  resume(): void {
    this.#isStalled = false;
    for (const listener of this.#listeners.values()) listener.resume();
  }

  /** Nothing is left listening, connected or running. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      this.#accepts.clear();
      await Promise.all([...this.#listeners.values()].map(async (each) => await each.end()));
      this.#listeners.clear();
      await this.#exhume();
    });
  }

  async #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined);
    await done;
  }

  async #open(port: number, accept: Accept): Promise<void> {
    const listener = new Listener(accept);
    if (this.#isStalled) listener.stall();
    await listener.open(this.address, port);
    this.#listeners.set(port, listener);
  }

  /** Shares all sockets with a grave, stops accepting and closes our own in one turn, then fills the queues. */
  async #bury(): Promise<void> {
    const listeners = [...this.#listeners.values()];
    if (listeners.length === 0) return;
    const sockets = listeners.flatMap((each) => [each.server, ...each.connections]);
    const descriptors = sockets.map(descriptorOf).filter((each) => each !== null);
    this.#graves.push(new Grave(descriptors));
    for (const listener of listeners) shrinkBacklog(listener.server);
    const closed = listeners.map(async (each) => await each.close());
    const ports = [...this.#listeners.keys()];
    for (const port of ports) this.#buried.add(port);
    this.#listeners.clear();
    await Promise.all([...closed, ...ports.map(async (port) => await this.#fill(port))]);
  }

  async #exhume(): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    this.#fillers = [];
    await Promise.all(this.#graves.map(async (grave) => await grave.open()));
    this.#graves = [];
    this.#buried.clear();
  }

  /** Connections that got in before ours fill the queue as well; then ours wait in vain, and are given up. */
  async #fill(port: number): Promise<void> {
    const stop = new AbortController();
    const fillers = Array.from({ length: SHRUNKEN_QUEUE }, () =>
      connect({ host: this.address, port }),
    );
    this.#fillers.push(...fillers);
    const connected = Promise.all(fillers.map(settled));
    const limit = this.#clock
      .sleep(milliseconds(FILL_LIMIT_MS * this.#clock.speed), stop.signal)
      .catch(() => undefined);
    await Promise.race([connected, limit]);
    stop.abort();
    for (const filler of fillers) if (filler.connecting) filler.destroy();
  }
}

async function settled(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve);
    socket.on("error", () => resolve());
    socket.unref();
  });
}
