import { inSeconds, milliseconds, sinceOrigin, times } from "../../base/time.ts";
import type { ByteStream } from "./byte-stream.ts";
import type { LabDesktop } from "./desktop.ts";
import { framebufferUpdate } from "./framebuffer-update.ts";
import type { Frame } from "./picture.ts";
import { movingParts, SCREEN } from "./picture.ts";
import { decodeFormat, FORMAT_LENGTH, NATIVE_FORMAT } from "./pixel-format.ts";
import type { Rectangle } from "./rectangle.ts";
import { around, intersection } from "./rectangle.ts";
import type { Send } from "./rfb-handshake.ts";

/** Ten pictures in a real second, whatever the lab's speed: for people, and to spare the processor. */
const REAL_FRAME_MS = 100;
const MAXIMUM_ENCODINGS = 256;
const MAXIMUM_CUT_TEXT = 1 << 18;

/** Messages of a client (RFC 6143 7.5). */
const MESSAGE = {
  setPixelFormat: 0,
  setEncodings: 2,
  updateRequest: 3,
  key: 4,
  pointer: 5,
  cutText: 6,
} as const;

/** A client after the handshake: it asks for pieces of the picture; its mouse and keys are taken note of by nobody. */
export class RfbSession {
  readonly #input: ByteStream;
  readonly #send: Send;
  readonly #desktop: LabDesktop;
  #format = NATIVE_FORMAT;
  /** What an incremental request still waits for. */
  #awaited: Rectangle | null = null;
  #sentAny = false;

  constructor(input: ByteStream, send: Send, desktop: LabDesktop) {
    this.#input = input;
    this.#send = send;
    this.#desktop = desktop;
  }

  /** Serves until the client leaves, talks nonsense, or the VNC server is stopped; then rejects, saying which. */
  async serve(signal: AbortSignal): Promise<never> {
    for (;;) {
      const type = (await this.#input.read(1)).readUInt8(0);
      this.#mustBeUp();
      await this.#handle(type, signal);
    }
  }

  async #handle(type: number, signal: AbortSignal): Promise<void> {
    switch (type) {
      case MESSAGE.setPixelFormat:
        await this.#setPixelFormat();
        return;
      case MESSAGE.setEncodings:
        await this.#setEncodings();
        return;
      case MESSAGE.updateRequest:
        await this.#updateRequest(signal);
        return;
      case MESSAGE.key:
        await this.#input.read(7);
        return;
      case MESSAGE.pointer:
        await this.#input.read(5);
        return;
      case MESSAGE.cutText:
        await this.#cutText();
        return;
      default:
        throw new Error(`unknown message type ${type}`);
    }
  }

  async #setPixelFormat(): Promise<void> {
    const format = decodeFormat((await this.#input.read(3 + FORMAT_LENGTH)).subarray(3));
    if (format === null) throw new Error("a pixel format that is not true colour");
    this.#format = format;
  }

  /** Whatever it offers, Raw is always allowed, and all that this server speaks. */
  async #setEncodings(): Promise<void> {
    const count = (await this.#input.read(3)).readUInt16BE(1);
    if (count > MAXIMUM_ENCODINGS) throw new Error(`${count} encodings`);
    await this.#input.read(4 * count);
  }

  async #cutText(): Promise<void> {
    const length = Math.abs((await this.#input.read(7)).readInt32BE(3));
    if (length > MAXIMUM_CUT_TEXT) throw new Error(`${length} bytes of cut text`);
    await this.#input.read(length);
  }

  async #updateRequest(signal: AbortSignal): Promise<void> {
    const bytes = await this.#input.read(9);
    const asked = intersection(SCREEN, {
      x: bytes.readUInt16BE(1),
      y: bytes.readUInt16BE(3),
      width: bytes.readUInt16BE(5),
      height: bytes.readUInt16BE(7),
    });
    if (asked === null) return;
    const incremental = bytes.readUInt8(0) !== 0 && this.#sentAny;
    if (incremental) this.#sendAtNextFrame(asked, signal);
    else await this.#sendAreas([asked]);
  }

  /** The next messages are read meanwhile; requests that come while one waits are answered together. */
  #sendAtNextFrame(asked: Rectangle, signal: AbortSignal): void {
    const waits = this.#awaited !== null;
    this.#awaited = this.#awaited === null ? asked : around(this.#awaited, asked);
    if (waits) return;
    const period = times(milliseconds(REAL_FRAME_MS), this.#desktop.clock.speed);
    const sendLater = async (): Promise<void> => {
      await this.#desktop.clock.sleep(period, signal);
      await this.#sendAwaited();
    };
    sendLater().catch((error: unknown) => {
      this.#input.end(error instanceof Error ? error : new Error("stopped"));
    });
  }

  async #sendAwaited(): Promise<void> {
    this.#mustBeUp();
    const asked = this.#awaited;
    this.#awaited = null;
    if (asked === null) return;
    const areas = movingParts
      .map((part) => intersection(part, asked))
      .filter((area) => area !== null);
    if (areas.length > 0) await this.#sendAreas(areas);
  }

  async #sendAreas(areas: readonly Rectangle[]): Promise<void> {
    this.#sentAny = true;
    await this.#send(framebufferUpdate(areas, this.#frame(), this.#format));
  }

  #frame(): Frame {
    const { clock } = this.#desktop;
    const realMs = (inSeconds(sinceOrigin(clock.now())) * 1000) / clock.speed;
    return {
      number: Math.floor(realMs / REAL_FRAME_MS),
      seconds: clock.wall().toSeconds(),
    };
  }

  #mustBeUp(): void {
    if (!this.#desktop.vncUp()) throw new Error("the VNC server was stopped");
  }
}
