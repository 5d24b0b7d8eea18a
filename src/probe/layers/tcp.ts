import type { Socket, TcpNetConnectOpts } from "node:net";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * One address of a name is tried, not one after the other, since a fallback in silence would hide which of them is
 * gone.
 */
export const tcpOptions = (address: Address): TcpNetConnectOpts => ({
  host: address.host,
  port: address.port,
  noDelay: true,
  autoSelectFamily: false,
});

/** Resolves when the TCP connection is there. */
export async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
}
