import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import { milliseconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Patience } from "../shared/patience.ts";
import { deadlineOf } from "../shared/patience.ts";
import { underDeadline } from "../shared/under-deadline.ts";

/**
 * Waits of the tries of one request; UDP loses packets, and slow BMCs answer late. Together 7.5 s, within which every
 * BMC we know of answers.
 */
const WAITS: readonly Patience[] = [500, 1000, 2000, 4000].map((ms) => ({
  least: milliseconds(ms),
  floors: 2,
}));

interface Ask<T> {
  /** What is asked, for messages: "the chassis status". */
  readonly what: string;
  /** Called for each try, as every packet of a session needs a number of its own. */
  readonly build: () => Buffer;
  /** The answer, or null for a datagram that is none: garbage, a late or forged one. May throw a refusal. */
  readonly read: (datagram: Buffer) => T | null;
}

/** One peer over UDP: asks, and asks again while it is silent. The socket is connected, so other senders are not heard. */
export class DatagramExchange {
  readonly #socket: Socket;
  readonly #peer: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #listener: { take: (datagram: Buffer) => void; fail: (error: Error) => void } | null = null;
  #closed = false;

  private constructor(socket: Socket, peer: string, clock: Clock, signal: AbortSignal) {
    this.#socket = socket;
    this.#peer = peer;
    this.#clock = clock;
    this.#signal = signal;
    socket.on("message", (datagram) => this.#listener?.take(datagram));
    socket.on("error", (error) => this.#listener?.fail(error));
  }

  static async connect(
    peer: { readonly host: string; readonly port: number },
    clock: Clock,
    signal: AbortSignal,
  ): Promise<DatagramExchange> {
    const name = `${peer.host}:${peer.port}`;
    const resolved = await orAborted(lookup(peer.host), signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreachableBmc(name, error);
    });
    const socket = createSocket(resolved.family === 6 ? "udp6" : "udp4");
    try {
      await orAborted(
        new Promise<void>((resolve, reject) => {
          socket.on("error", reject);
          socket.connect(peer.port, resolved.address, resolve);
        }),
        signal,
      );
    } catch (error) {
      socket.close();
      signal.throwIfAborted();
      throw unreachableBmc(name, error);
    }
    return new DatagramExchange(socket, name, clock, signal);
  }

  async ask<T>(ask: Ask<T>): Promise<T> {
    for (const wait of WAITS) {
      const limit = deadlineOf(wait, this.#clock);
      try {
        return await underDeadline(
          this.#signal,
          limit,
          async (signal) => await this.#askOnce(ask, signal),
        );
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!limit.aborted || error !== limit.reason) throw error;
      }
    }
    throw new OperatingError(
      "timed-out",
      `Cannot get ${ask.what} as the BMC is silent: it did not answer any of ${WAITS.length} requests to ${this.#peer}. Check its address, its network, and that IPMI over LAN is enabled`,
      { facts: { peer: this.#peer, tries: WAITS.length } },
    );
  }

  /** Sends one datagram and expects nothing back; resolves when it has left, or could not. */
  async tell(datagram: Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.send(datagram, () => resolve());
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  async #askOnce<T>({ build, read }: Ask<T>, signal: AbortSignal): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      const fail = (error: Error): void => reject(unreachableBmc(this.#peer, error));
      const take = (datagram: Buffer): void => {
        try {
          const found = read(datagram);
          if (found !== null) resolve(found);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#listener = { take, fail };
      this.#socket.send(build(), (error) => {
        if (error !== null) fail(error);
      });
    });
    try {
      return await orAborted(answer, signal);
    } finally {
      this.#listener = null;
    }
  }
}

const unreachableBmc = (peer: string, cause: unknown): OperatingError =>
  new OperatingError("unreachable", `Cannot reach the BMC as nothing takes packets at ${peer}`, {
    facts: { peer },
    cause,
  });
