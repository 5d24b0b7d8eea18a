import type { WebSocket } from "ws";
import type { Clock } from "../../contracts/clock.ts";
import type { LabHost } from "../network/network.ts";

/** A desktop as the lab plays it: a noVNC page, websockify, and a VNC server that draws a moving picture. */
export interface LabDesktop {
  /** The lab's clock: the picture shows its time, and moves with it. */
  readonly clock: Clock;
  /** The RFB desktop name: tells the instance (host or pod name, and its boot). */
  name(): string;
  /** VNC password; null: security type None. */
  password(): string | null;
  /** False: websockify is up but the VNC server behind it is down (101, then close 1011). */
  vncUp(): boolean;
}

/** Serves page and WebSocket of a desktop on `host:port`, as websockify does. */
export type ServeDesktop = (host: LabHost, port: number, desktop: LabDesktop) => Promise<void>;

/** Handles one HTTP request or upgrade for a desktop, for servers that relay (an ingress, a NodePort). */
export type SpeakRfb = (socket: WebSocket, desktop: LabDesktop) => void;
