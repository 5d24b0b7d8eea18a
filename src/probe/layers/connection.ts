import type { Socket } from "node:net";
import { connect } from "node:net";
import { TLSSocket } from "node:tls";
import { orAborted } from "../../base/abort.ts";
import { after, earlier } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { EffectiveGrid } from "../../contracts/probe.ts";
import type { Journey } from "../journey.ts";
import type { Address } from "./tcp.ts";
import { connected, tcpOptions } from "./tcp.ts";
import type { SecureContexts, Trust } from "./tls.ts";
import { beginSecure, handshake } from "./tls.ts";

/** What every layer of one attempt works with. */
export interface AttemptContext {
  readonly clock: Clock;
  readonly contexts: SecureContexts;
  readonly grid: EffectiveGrid;
  readonly journey: Journey;
  /** Ends the whole attempt. */
  readonly deadline: AbortSignal;
}

/** Where a URL leads, and with what trust. */
export interface Target {
  readonly url: URL;
  readonly address: Address;
  /** The Host header, where it is not the URL's own. */
  readonly host: string | null;
  /** Null: in clear. */
  readonly trust: Trust | null;
}

/** The WebSocket behind the first two layers, and the password of the VNC server behind that. */
export interface Door {
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly password: string | null;
}

export function targetOf(
  location: string,
  host: string | null,
  trusted: Pick<Trust, "ca_pem" | "fingerprint">,
): Target {
  const url = new URL(location);
  const isSecure = url.protocol === "https:" || url.protocol === "wss:";
  const name = bare(url.hostname);
  const port = url.port === "" ? standardPort(isSecure) : Number(url.port);
  return {
    url,
    address: { host: name, port },
    host,
    trust: isSecure ? { ...trusted, name: bare(host?.replace(/:\d+$/, "") ?? name) } : null,
  };
}

/** Without the brackets of an IPv6 address. */
const bare = (host: string): string => host.replaceAll(/[[\]]/g, "");

export const standardPort = (isSecure: boolean): number => (isSecure ? 443 : 80);

/**
 * A fresh connection within the connect deadline, which is shorter than the attempt's unless a lab's floor makes them
 * equal. Where there is `trust`, TLS has begun on it: see `secured`.
 */
export async function connectInTime(
  address: Address,
  trust: Trust | null,
  context: AttemptContext,
): Promise<Socket> {
  const { clock, grid, journey } = context;
  const socket = journey.own(
    trust === null ? connect(tcpOptions(address)) : beginSecure(address, trust, context.contexts),
  );
  // What goes wrong after the last layer that listens is of no interest, but must not end the process.
  socket.on("error", () => undefined);
  if (grid.connectTimeout >= grid.attemptTimeout) {
    await connected(socket);
    return socket;
  }
  const whole = journey.due;
  journey.due = earlier(whole, after(clock.now(), grid.connectTimeout));
  await orAborted(connected(socket), clock.timeout(grid.connectTimeout));
  journey.due = whole;
  return socket;
}

/** The connection to `target`, when its TLS handshake is over, if it has one. */
export async function secured(socket: Socket, target: Target): Promise<Socket> {
  if (target.trust !== null && socket instanceof TLSSocket) await handshake(socket, target.trust);
  return socket;
}
