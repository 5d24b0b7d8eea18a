import type { Socket } from "node:net";

/** The lab's network: machines with loopback addresses of their own, and a dead one looks dead. */
export interface LabNetwork {
  /** A new machine, alive, with nothing listening: its ports refuse. */
  addHost(name: string): Promise<LabHost>;
  /** Closes everything; nothing is left listening. */
  close(): Promise<void>;
}

export interface LabHost {
  readonly name: string;
  /** On Linux an address of its own in 127.0.0.0/8. */
  readonly address: string;
  readonly silent: boolean;
  /**
   * Serves raw TCP on a port while the host is alive; `http` and `tls` servers take the socket by
   * `server.emit("connection", socket)`. Rejects when the port is taken.
   */
  listen(port: number, accept: (socket: Socket) => void): Promise<void>;
  /** The port refuses again (RST), as when a service stops on a living host. Connections it accepted are reset. */
  unlisten(port: number): Promise<void>;
  /**
   * Power cut: from now on nothing is answered. New connections find silence (no RST where the platform allows it,
   * accepted and never served otherwise), open ones freeze: no FIN, no RST.
   */
  silence(): Promise<void>;
  /** Alive again, with the same listeners; connections from before the cut are reset. */
  wake(): Promise<void>;
  /** Stands still: takes connections and data in, and looks at neither, until it goes on. */
  stall(): void;
  /** Goes on where it stood still. */
  resume(): void;
}
