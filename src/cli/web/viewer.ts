import type { RawData, WebSocket } from "ws";
import { either, orAborted } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { DesktopStream } from "../../contracts/viewing.ts";
import { plainServerInit, ViewerGreeting } from "./greet-viewer.ts";
import { RequestPace } from "./request-pace.ts";
import { updateRequest, ViewFilter } from "./view-filter.ts";

/** Codes of ours by which a browser's socket is closed. */
export const closeCode = {
  /** The desktop does not answer, its outage is measured, or it is about to be removed. */
  gone: 4000,
  /** It may not be looked at now. */
  notNow: 4001,
  /** It said what no viewer says. */
  refused: 4002,
  /** The desktop let nobody in. */
  unreachable: 4003,
} as const;

const GREETING_LIMIT: Duration = seconds(5);
/** What a browser may leave unread before the desktop is not read either. */
const MOST_UNREAD_BYTES = 4_000_000;
/** Of bytes that nobody asked for. */
const MOST_DEBT: Duration = seconds(1);
const MOST_EARLY_BYTES = 1 << 16;

/** One browser's end of a relayed view. */
export class Viewer {
  /** Aborted when it has gone, or has to. */
  readonly signal: AbortSignal;
  readonly #socket: WebSocket;
  readonly #real: Clock;
  readonly #greeted: Promise<void>;
  /** What it sends goes here: first to the greeting, then through the filter. */
  #take: (bytes: Buffer) => void;
  /** Came behind the greeting, and waits for the desktop. */
  #early: Buffer = Buffer.alloc(0);

  /** @param stop ends it */
  constructor(socket: WebSocket, stop: AbortSignal, real: Clock) {
    const gone = new AbortController();
    this.signal = either(stop, gone.signal);
    this.#socket = socket;
    this.#real = real;
    const greeting = new ViewerGreeting((bytes) => {
      socket.send(bytes);
    });
    this.#take = () => undefined;
    this.#greeted = new Promise((resolve) => {
      this.#take = (bytes) => {
        const rest = greeting.push(bytes);
        if (rest === null) return;
        this.#take = this.#wait;
        this.#wait(rest);
        resolve();
      };
    });
    socket.once("close", () => {
      gone.abort();
    });
    socket.on("message", (data) => {
      this.#receive(data);
    });
  }

  /** Resolves when it waits for a desktop; rejects when it left, has to, or said something else. */
  async greeted(): Promise<void> {
    const limit = either(this.signal, this.#real.timeout(GREETING_LIMIT));
    await orAborted(this.#greeted, limit);
  }

  /** Resolves when it, or the desktop, has ended it. */
  async shows(desktop: DesktopStream): Promise<void> {
    const filter = new ViewFilter();
    const pace = new RequestPace(this.#real, this.signal, (request) => {
      desktop.send(updateRequest(request));
    });
    this.#take = (bytes) => {
      for (const passed of filter.push(bytes)) {
        if (passed.kind === "request") pace.ask(passed.request);
        else desktop.send(passed.bytes);
      }
    };
    this.#socket.send(plainServerInit(desktop.init));
    desktop.onBytes((bytes) => {
      pace.received(bytes.length);
      this.#pass(bytes, desktop);
      if (pace.debt > MOST_DEBT) void this.#letAlone(desktop, pace.debt);
    });
    this.#receive(this.#early);
    await orAborted(desktop.ended, this.signal).catch(() => undefined);
    this.end(closeCode.gone, "the desktop is not shown now");
  }

  /** Safe where it has gone. */
  end(code: number, why: string): void {
    this.#socket.close(code, why);
  }

  readonly #wait = (bytes: Buffer): void => {
    this.#early = Buffer.concat([this.#early, bytes]);
    if (this.#early.length > MOST_EARLY_BYTES) throw new Error("it does not wait");
  };

  #receive(data: RawData): void {
    if (this.signal.aborted) return;
    try {
      this.#take(bytesOf(data));
    } catch (error) {
      this.end(closeCode.refused, describeError(error));
    }
  }

  /** It sends more than was asked of it. */
  async #letAlone(desktop: DesktopStream, until: Duration): Promise<void> {
    desktop.pause(true);
    await this.#real.sleep(until, this.signal).catch(() => undefined);
    if (!this.signal.aborted) desktop.pause(false);
  }

  #pass(bytes: Uint8Array, desktop: DesktopStream): void {
    if (this.signal.aborted) return;
    this.#socket.send(bytes, () => {
      if (this.#socket.bufferedAmount <= MOST_UNREAD_BYTES / 2) desktop.pause(false);
    });
    if (this.#socket.bufferedAmount > MOST_UNREAD_BYTES) desktop.pause(true);
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
