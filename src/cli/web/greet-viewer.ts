import { plainText } from "../../base/plain-text.ts";

const VERSION = Buffer.from("RFB 003.008\n", "latin1");
/** One security type, None: whoever came this far has shown the page's cookie. */
const SECURITY = Buffer.from([1, 1]);
const SECURITY_OK = Buffer.alloc(4);
/** The version, the security type, and whether the session is shared, which it always is. */
const ANSWERS = [12, 1, 1] as const;
const FIXED_BYTES = 24;

/**
 * Our side of RFB's handshake (RFC 6143, 7.1 to 7.3) with a browser. The desktop's own handshake, its password or its
 * console's ticket stay with the probe.
 */
export class ViewerGreeting {
  readonly #send: (bytes: Uint8Array) => void;
  #step = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
    send(VERSION);
  }

  /** Takes what the browser sends until it waits for ServerInit; returns what came behind that. Null: not there yet. */
  push(bytes: Uint8Array): Buffer | null {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const length = ANSWERS[this.#step];
      if (length === undefined) return this.#rest;
      if (this.#rest.length < length) return null;
      this.#answer(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }

  #answer(bytes: Buffer): void {
    if (this.#step === 0) {
      if (!bytes.equals(VERSION)) throw new Error("it does not speak RFB 3.8");
      this.#send(SECURITY);
    }
    if (this.#step === 1) {
      if (bytes[0] !== 1) throw new Error("it asks for another security type");
      this.#send(SECURITY_OK);
    }
    this.#step += 1;
  }
}

/** The desktop's ServerInit, with its name made plain. */
export function plainServerInit(init: Uint8Array): Buffer {
  const fixed = Buffer.from(init.subarray(0, FIXED_BYTES));
  const name = Buffer.from(plainText(Buffer.from(init.subarray(FIXED_BYTES)).toString("utf8")));
  fixed.writeUInt32BE(name.length, FIXED_BYTES - 4);
  return Buffer.concat([fixed, name]);
}
