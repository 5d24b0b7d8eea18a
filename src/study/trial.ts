import type { CleanupStack } from "../base/cleanup.ts";
import type { ControlPlaneEvent, DesktopHandle, Whereabouts } from "../model/cluster-facts.ts";
import type { DesktopRequest } from "../contracts/cluster-driver.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import type { DesktopWatch } from "./desktop-watch.ts";
import type { Notebook } from "./notebook.ts";
import type { TrialParts } from "./trial-parts.ts";

/** A trial under way: what it uses, where it writes, what it owes. */
export interface Trial {
  readonly parts: TrialParts;
  readonly notes: Notebook;
  readonly cleanup: CleanupStack;
}

export interface DeployedDesktop {
  readonly handle: DesktopHandle;
  readonly request: DesktopRequest;
  /** Where it was when it had been deployed. */
  readonly whereabouts: Whereabouts;
}

/** What watches the desktop and its control plane from now on. */
export interface Observed {
  readonly watch: DesktopWatch;
  /** Aborted when the trial must not go on: stop asked for, prober or observer broken, another node lost. */
  readonly signal: AbortSignal;
  /** Of the victim's Lease or agent lock, as far as they were seen; the latest tells how old it is. */
  readonly renewals: () => readonly ControlPlaneEvent[];
  /** The way to the desktop as it is now: around the victim, once that is known. */
  readonly wayIn: () => Endpoint;
  /** Tells probe and observer who the victim is, and leads the probe around its ways in. */
  readonly aimAt: (victim: string) => Promise<void>;
  /** Opens the session that nobody reloads; resolves when it is there, or will not be. */
  readonly holdSession: () => Promise<void>;
  /** Ends the samples; the control plane stays observed until the trial is taken back. */
  readonly endSamples: () => Promise<void>;
}
