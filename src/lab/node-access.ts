import type { NodeAccess } from "../model/inventory.ts";
import type { SecretRef } from "../model/secret.ts";

/** Where one node of a lab cluster is reached. */
interface Place {
  readonly name: string;
  readonly address: string;
  readonly bmcAddress: string;
  readonly bmcPort: number;
  readonly hostKeyFingerprint: string;
}

/** The way into one node, SSH and BMC, as an ordinary inventory has it. */
export const nodeAccess = (
  place: Place,
  secrets: { readonly sshKey: SecretRef; readonly bmcPassword: SecretRef },
  { sshPort, bmcUser }: { readonly sshPort: number; readonly bmcUser: string },
): NodeAccess => ({
  name: place.name,
  address: place.address,
  ssh: {
    host: place.address,
    port: sshPort,
    user: "root",
    key: secrets.sshKey,
    host_key: place.hostKeyFingerprint,
  },
  bmc: {
    kind: "ipmi",
    host: place.bmcAddress,
    port: place.bmcPort,
    user: bmcUser,
    password: secrets.bmcPassword,
    cipher_suite: 17,
    via: "builtin",
    mapping: "uuid",
  },
});

/** A path as a shell takes it. */
export const quoted = (path: string): string =>
  /^[\w./-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
