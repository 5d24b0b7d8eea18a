import type { Span } from "../base/interval.ts";
import type { Duration } from "../base/time.ts";
import type { ProbeSpec } from "../model/experiment.ts";
import type { Endpoint } from "./endpoint.ts";
import type { EffectiveGrid } from "./probe.ts";

/** Where a desktop is looked at, and with whose manners: those of the trial's probe. */
export interface LookAt {
  readonly trial: string;
  readonly endpoint: Endpoint;
  readonly spec: ProbeSpec;
  readonly grid: EffectiveGrid;
}

/** Takes pictures of a desktop, and opens sessions for people who watch. Sends nothing that a desktop would act on. */
export interface DesktopViews {
  /** The whole screen once, asked for in tiles. Rejects with an OperatingError when it is not there within `limit`. */
  picture(look: LookAt & { readonly limit: Duration }, signal: AbortSignal): Promise<Picture>;
  /** A session of a viewer's own. Rejects with an OperatingError when the desktop cannot be reached. */
  view(look: LookAt, signal: AbortSignal): Promise<DesktopStream>;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row by row from the top, three bytes a pixel. */
  readonly rgb: Uint8Array;
  readonly taken: Span;
  /** Who shows it, by the RFB name. */
  readonly instance: string;
}

/** An RFB session after its handshake. What comes and goes is RFB messages, cut anywhere. */
export interface DesktopStream {
  /** ServerInit as it came. */
  readonly init: Uint8Array;
  send(bytes: Uint8Array): void;
  onBytes(take: (bytes: Uint8Array) => void): void;
  /** Stops reading until told otherwise: what is not read in time waits at the server. */
  pause(paused: boolean): void;
  /** Resolves however it ended. */
  readonly ended: Promise<void>;
  close(): void;
}
