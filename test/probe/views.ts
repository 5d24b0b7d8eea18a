import { milliseconds } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import type { Probe } from "../../src/contracts/probe.ts";
import type { DesktopViews, LookAt, Picture } from "../../src/contracts/viewing.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { createProbe } from "../../src/probe/create-probe.ts";
import { secrets } from "./attempts.ts";

const spec: ProbeSpec = {
  depth: "frame",
  period_ms: 250,
  connect_timeout_ms: 5000,
  attempt_timeout_ms: 5000,
  max_in_flight: 16,
  consecutive: 4,
};

/** Looks at a desktop, with deadlines long enough for a busy machine. */
export const lookAt = (endpoint: Endpoint, changes: Partial<ProbeSpec> = {}): LookAt => ({
  trial: "contract",
  endpoint,
  spec: { ...spec, ...changes },
  grid: {
    period: milliseconds(250),
    connectTimeout: milliseconds(5000),
    attemptTimeout: milliseconds(5000),
  },
});

export const viewsOn = (clock: Clock = new SystemClock()): DesktopViews & Probe =>
  createProbe({ clock, secrets });

export const never = new AbortController().signal;

export async function pictureOf(
  endpoint: Endpoint,
  { views = viewsOn(), limit_ms = 10_000 } = {},
): Promise<Picture> {
  return await views.picture({ ...lookAt(endpoint), limit: milliseconds(limit_ms) }, never);
}

/** Red, green and blue at a point, as 0xRRGGBB. */
export function colourAt({ width, rgb }: Picture, x: number, y: number): number {
  const [red = 0, green = 0, blue = 0] = rgb.subarray((y * width + x) * 3);
  return (red << 16) | (green << 8) | blue;
}
