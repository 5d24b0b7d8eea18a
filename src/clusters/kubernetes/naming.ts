import { createHash } from "node:crypto";
import type { DesktopHandle } from "../../model/cluster-facts.ts";

export type KubernetesHandle = Extract<DesktopHandle, { kind: "kubernetes" }>;

/** Holds the run's mark in full; what does not bear it is not ours and is never deleted. */
export const MARK = "blackout.dev/mark";
/** Finds the desktop's pods and objects; its value is the desktop's name. */
export const DESKTOP_LABEL = "blackout.dev/desktop";

/** Of the Lease that is the cluster's lock. */
export const LOCK_NAME = "blackout";
/** Its annotation that says who has it, and what is owed. */
export const LOCK_NOTE = "blackout.dev/lock";

/** A name that is valid for every kind of object, a label value too, and different for each mark. */
export const nameOf = (mark: string): string =>
  `blackout-${createHash("sha256").update(mark).digest("hex").slice(0, 12)}`;

export const desktopSelector = (name: string): string =>
  `labelSelector=${encodeURIComponent(`${DESKTOP_LABEL}=${name}`)}`;
