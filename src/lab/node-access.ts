import type { BmcAccess, NodeAccess } from "../model/inventory.ts";
import type { BmcProtocol } from "../model/fault-spec.ts";
import type { SecretRef } from "../model/secret.ts";
import type { BmcPlace } from "./bmc/start-bmc.ts";
import { BMC_USER } from "./bmc/start-bmc.ts";

/** Where one node of a lab cluster is reached. */
interface Place {
  readonly name: string;
  readonly address: string;
  readonly bmc: BmcPlace;
  readonly hostKeyFingerprint: string;
}

interface Keys {
  readonly sshKey: SecretRef;
  readonly bmcPassword: SecretRef;
  readonly bmcCaPath: string;
}

/** The way into one node, SSH and BMC, as an ordinary inventory has it. */
export const nodeAccess = (
  place: Place,
  keys: Keys,
  { sshPort, bmc }: { readonly sshPort: number; readonly bmc: BmcProtocol },
): NodeAccess => ({
  name: place.name,
  address: place.address,
  ssh: {
    host: place.address,
    port: sshPort,
    user: "root",
    key: keys.sshKey,
    host_key: place.hostKeyFingerprint,
  },
  bmc: bmcAccess(place.bmc, keys, bmc),
});

/** Its BMC speaks both; an inventory lists one. */
function bmcAccess(place: BmcPlace, keys: Keys, protocol: BmcProtocol): BmcAccess {
  const { address } = place.host;
  const account = { user: BMC_USER, password: keys.bmcPassword, mapping: "uuid" } as const;
  switch (protocol) {
    case "ipmi":
      return {
        ...account,
        kind: "ipmi",
        host: address,
        port: place.ipmiPort,
        cipher_suite: 17,
        via: "builtin",
      };
    case "redfish":
      return {
        ...account,
        kind: "redfish",
        url: `https://${address}:${place.redfishPort}`,
        tls: { kind: "ca", path: keys.bmcCaPath },
        system: null,
      };
  }
}

/** A path as a shell takes it. */
export const quoted = (path: string): string =>
  /^[\w./-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
