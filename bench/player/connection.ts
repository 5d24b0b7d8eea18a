import type { Socket } from "node:net";
import { RfbSession } from "./rfb-session.ts";
import type { RequestHead } from "./wire.ts";
import { clientFrame, closeFrame, requestHead, response, switching } from "./wire.ts";

/** What a connection asks of its desktop each time that it answers. */
export interface Desk {
  readonly condition: () => Condition;
  /** How late it answers, over all layers together. */
  readonly answer_ms: number;
}

/** How a desktop meets those whom its kernel lets in. */
export type Condition =
  | { readonly kind: "well" }
  | { readonly kind: "reset" }
  | { readonly kind: "mute" }
  | { readonly kind: "http-error"; readonly status: 502 | 503 }
  | { readonly kind: "vnc-down" }
  | { readonly kind: "frozen"; readonly thaws: boolean };

/** About as long as noVNC's own vnc.html. */
const PAGE_BYTES = 20_000;
const page = response("200 OK", "Content-Type: text/html\r\n", Buffer.alloc(PAGE_BYTES, "."));
const errors = {
  502: response("502 Bad Gateway", "", Buffer.from("Bad Gateway\n")),
  503: response("503 Service Unavailable", "", Buffer.from("Service Unavailable\n")),
} as const;
const vncDown = closeFrame(1011, "Failed to connect to downstream server");
const vncGone = closeFrame(1000, "Target closed");

const CLOSE = 8;
const BINARY = 2;

/** Which part of its lateness a slow desktop spends on which answer. */
const SHARES = { page: 0.45, handshake: 0.1, picture: 0.45 } as const;

/** One caller: a page, or a WebSocket with a VNC server behind it. Written without a library, to cost little. */
export class Connection {
  readonly socket: Socket;
  readonly #desk: Desk;
  #received: Buffer = Buffer.alloc(0);
  #session: RfbSession | null = null;
  #isMute = false;

  constructor(socket: Socket, desk: Desk) {
    this.socket = socket;
    this.#desk = desk;
    socket.on("data", (bytes) => this.#take(bytes));
  }

  /** Never answers again, and says nothing of it. */
  mute(): void {
    this.#isMute = true;
  }

  /** The VNC server behind this caller's WebSocket is gone. */
  loseVnc(): void {
    if (this.#session === null) return;
    this.#session = null;
    this.socket.end(vncGone);
  }

  thaw(isPaid: boolean): void {
    this.#session?.thaw(isPaid);
  }

  #take(bytes: Buffer): void {
    if (this.#isMute) return;
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    try {
      if (this.#session === null) this.#takeRequest();
      else this.#takeFrames(this.#session);
    } catch {
      this.socket.destroy();
    }
  }

  #takeRequest(): void {
    const head = requestHead(this.#received);
    if (head === null) return;
    this.#received = this.#received.subarray(head.bytes);
    this.#answer(head);
  }

  #answer({ key }: RequestHead): void {
    const condition = this.#desk.condition();
    if (condition.kind === "http-error") {
      this.socket.end(errors[condition.status]);
    } else if (key === null) {
      this.#whenReady("page", () => this.socket.end(page));
    } else if (condition.kind === "vnc-down") {
      this.socket.write(switching(key));
      this.socket.end(vncDown);
    } else {
      this.socket.write(switching(key));
      this.#session = new RfbSession({
        send: (message) => this.#send(message),
        whenReady: (share, run) => this.#whenReady(share, run),
        isFrozen: () => this.#desk.condition().kind === "frozen",
      });
    }
  }

  #takeFrames(session: RfbSession): void {
    for (let next = clientFrame(this.#received); next !== null;) {
      this.#received = this.#received.subarray(next.bytes);
      if (next.opcode === CLOSE) this.socket.end();
      if (next.opcode === BINARY) session.take(next.payload);
      next = clientFrame(this.#received);
    }
  }

  #send(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  #whenReady(share: keyof typeof SHARES, run: () => void): void {
    const late = this.#desk.answer_ms * SHARES[share];
    if (late === 0) {
      run();
      return;
    }
    setTimeout(() => {
      if (!this.#isMute && this.socket.writable) run();
    }, late);
  }
}
