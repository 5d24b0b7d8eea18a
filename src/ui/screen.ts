import RFB from "@novnc/novnc";
import { initLogging } from "@novnc/novnc/core/util/logging.js";
import type { DesktopView } from "./page-events.ts";

// A connection that ends is no error here: the page says so itself.
initLogging("none");

/**
 * noVNC in a place of the page. It connects when it is told that it may, never by trying; and as noVNC takes its picture
 * with it when a connection ends, the last one is kept.
 */
export class Screen {
  readonly #place: HTMLElement;
  readonly #tell: (shows: Screen["shows"]) => void;
  #rfb: RFB | null = null;
  #canvas: HTMLCanvasElement | null = null;
  #kept: HTMLCanvasElement | null = null;
  #trial: string | null = null;

  constructor(place: HTMLElement, tell: (shows: Screen["shows"]) => void) {
    this.#place = place;
    this.#tell = tell;
  }

  get shows(): "nothing" | "connecting" | "live" | "frozen" {
    if (this.#canvas !== null) return "live";
    if (this.#kept !== null) return "frozen";
    return this.#rfb === null ? "nothing" : "connecting";
  }

  follow({ trial, state }: DesktopView): void {
    if (trial !== null && trial !== this.#trial) this.#forget(trial);
    if (state === "free" && this.#rfb === null) this.#connect();
  }

  close(): void {
    this.#rfb?.disconnect();
  }

  #connect(): void {
    const url = new URL("/desktop", location.href);
    url.protocol = "ws:";
    const rfb = new RFB(this.#place, url.href, { shared: true, wsProtocols: ["binary"] });
    this.#rfb = rfb;
    rfb.viewOnly = true;
    rfb.scaleViewport = true;
    rfb.focusOnClick = false;
    rfb.background = "transparent";
    rfb.addEventListener("connect", () => {
      this.#drop();
      this.#canvas = this.#place.querySelector("canvas");
      this.#tell(this.shows);
    });
    rfb.addEventListener("disconnect", () => {
      if (this.#canvas !== null) this.#keep(this.#canvas);
      this.#rfb = null;
      this.#canvas = null;
      this.#tell(this.shows);
    });
    this.#tell(this.shows);
  }

  #keep(canvas: HTMLCanvasElement): void {
    if (canvas.width === 0) return;
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    this.#drop();
    this.#kept = copy;
    this.#place.append(copy);
  }

  #drop(): void {
    this.#kept?.remove();
    this.#kept = null;
  }

  /** The picture is of another trial's desktop. */
  #forget(trial: string): void {
    this.#trial = trial;
    this.#drop();
    this.#tell(this.shows);
  }
}
