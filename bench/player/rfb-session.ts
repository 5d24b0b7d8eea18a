import { greeting, securityOk, securityTypes, serverInit, updateFor } from "./picture.ts";

/** What a session needs of who holds it. */
export interface Line {
  readonly send: (bytes: Buffer) => void;
  /** Runs at once or later, as slow as the desktop is in that; never once the line is dead. */
  readonly whenReady: (share: "handshake" | "picture", run: () => void) => void;
  readonly isFrozen: () => boolean;
}

/** Sends the first message itself; waits for the bytes of each step. */
type Step = "version" | "security" | "init" | "messages";

/** Bytes of the client's messages, but for SetEncodings, whose length it tells (RFC 6143, 7.5). */
const MESSAGE_BYTES: Readonly<Record<number, number>> = { 0: 20, 3: 10, 4: 8, 5: 6 };
const SET_ENCODINGS = 2;
const UPDATE_REQUEST = 3;

/** The server's side of one RFB session, with security None. */
export class RfbSession {
  readonly #line: Line;
  #step: Step = "version";
  #received: Buffer = Buffer.alloc(0);
  /** What a frozen desktop owes. */
  #owed: Buffer | null = null;

  constructor(line: Line) {
    this.#line = line;
    line.send(greeting);
  }

  /** Throws where the client makes no sense. */
  take(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (let length = this.#expected(); length !== null && this.#received.length >= length;) {
      const message = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      this.#answer(message);
      length = this.#expected();
    }
  }

  /** The picture moves again: what is owed is sent, or forgotten. */
  thaw(isPaid: boolean): void {
    const owed = this.#owed;
    this.#owed = null;
    if (owed !== null && isPaid) this.#sendUpdate(owed);
  }

  /** Null while not even the length is known. */
  #expected(): number | null {
    switch (this.#step) {
      case "version":
        return 12;
      case "security":
      case "init":
        return 1;
      case "messages":
        return this.#messageLength();
    }
  }

  #messageLength(): number | null {
    if (this.#received.length < 4) return null;
    const type = this.#received.readUInt8(0);
    if (type === SET_ENCODINGS) return 4 + 4 * this.#received.readUInt16BE(2);
    const length = MESSAGE_BYTES[type];
    if (length === undefined) throw new Error(`message type ${type}`);
    return length;
  }

  #answer(message: Buffer): void {
    switch (this.#step) {
      case "version":
        this.#step = "security";
        this.#line.send(securityTypes);
        return;
      case "security":
        this.#step = "init";
        this.#line.send(securityOk);
        return;
      case "init":
        this.#step = "messages";
        this.#line.whenReady("handshake", () => this.#line.send(serverInit));
        return;
      case "messages":
        if (message.readUInt8(0) === UPDATE_REQUEST) this.#sendUpdate(message);
    }
  }

  #sendUpdate(request: Buffer): void {
    this.#line.whenReady("picture", () => {
      if (this.#line.isFrozen()) this.#owed = request;
      else for (const part of updateFor(request)) this.#line.send(part);
    });
  }
}
