import ssh2 from "ssh2";
import type { Connection } from "ssh2";
import type { Clock } from "../../contracts/clock.ts";
import type { LabMachine } from "../machine.ts";
import type { LabHost } from "../network/network.ts";
import { authenticator } from "./authenticate.ts";
import { nodeOf } from "./node.ts";
import { serveSession } from "./ssh-session.ts";

export interface SshIdentity {
  /** Private host key in OpenSSH's format; see `newSshKey`. */
  readonly hostKeyPem: string;
  /** The line of `authorized_keys` that lets root in. */
  readonly authorizedKey: string;
  readonly hostname: string;
}

const MAXIMUM_CONNECTIONS = 64;
const MAXIMUM_ATTEMPTS = 6;

/**
 * A node's SSH server, for root with one key. It executes nothing: what it understands, and what that does to the
 * machine that a twin plays, is in interpret.ts.
 */
// oxlint-disable-next-line max-params -- who it is, where it is, and the clock: three things in five words
export async function serveSsh(
  host: LabHost,
  port: number,
  machine: LabMachine,
  identity: SshIdentity,
  clock: Clock,
): Promise<void> {
  const node = nodeOf(machine, identity.hostname, clock);
  const connections = new Set<Connection>();
  const authenticate = authenticator(identity.authorizedKey);
  const server = new ssh2.Server(
    { hostKeys: [identity.hostKeyPem], ident: "OpenSSH_10.0p2 blackout-lab" },
    (connection) => {
      if (connections.size >= MAXIMUM_CONNECTIONS || !machine.isUp()) {
        connection.end();
        return;
      }
      connections.add(connection);
      connection.once("close", () => connections.delete(connection));
      let attempts = 0;
      connection.on("error", () => undefined);
      connection.on("authentication", (context) => {
        if (context.method !== "none" && ++attempts > MAXIMUM_ATTEMPTS) connection.end();
        else authenticate(context);
      });
      connection.on("session", (accept) => serveSession(accept(), node));
    },
  );
  await host.listen(port, (socket) => server.injectSocket(socket));
}
