import type { Span } from "../base/interval.ts";
import type { Duration } from "../base/time.ts";
import type { ProbeSpec } from "../model/experiment.ts";
import type { PictureFact } from "../model/trial-result.ts";
import type { Endpoint } from "./endpoint.ts";
import type { EffectiveGrid } from "./probe.ts";

/** Where a desktop is looked at, and with whose manners: those of the trial's probe. */
export interface LookAt {
  readonly trial: string;
  readonly endpoint: Endpoint;
  readonly spec: ProbeSpec;
  readonly grid: EffectiveGrid;
}

/**
 * Takes pictures of a desktop, and opens sessions for people who watch, both with the manners of the trial's probe. By
 * itself it sends nothing that a desktop would act on.
 */
export interface DesktopViews {
  /**
   * The whole screen once, asked for in tiles. Rejects with an OperatingError when it is not there within `limit`, or
   * larger than is held in memory, and with the reason of `signal` when that is aborted.
   */
  picture(look: LookAt & { readonly limit: Duration }, signal: AbortSignal): Promise<Picture>;
  /**
   * A session of a viewer's own, which ends with `signal` at the latest. Rejects with an OperatingError when the desktop
   * cannot be reached. What is sent on it is the caller's to choose.
   */
  view(look: LookAt, signal: AbortSignal): Promise<DesktopStream>;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Row by row from the top, three bytes a pixel. */
  readonly rgb: Uint8Array;
  readonly taken: Span;
  /** Who shows it, as samples name it: by the RFB name, or through a console as its API says. */
  readonly instance: string;
}

/** An RFB session after its handshake. What comes and goes is RFB messages, cut anywhere. */
export interface DesktopStream {
  /** ServerInit as it came. */
  readonly init: Uint8Array;
  send(bytes: Uint8Array): void;
  /** To whom what comes is given, from the first byte on. Until it is called nothing is read. */
  onBytes(take: (bytes: Uint8Array) => void): void;
  /** Stops reading until told otherwise: what is not read in time waits at the server. */
  pause(paused: boolean): void;
  /** Resolves however it ended. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Keeps pictures with the other files of a run. */
export interface PictureSink {
  /** As PNG, and smaller for pages. Resolves when both are in files, with their names inside the run's folder. */
  keep(
    taken: { readonly trial: string; readonly when: "before" | "after" },
    picture: Picture,
  ): Promise<Pick<PictureFact, "file" | "thumbnail">>;
}
