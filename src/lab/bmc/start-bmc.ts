import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CertificateAuthority, LabContext } from "../lab-cluster.ts";
import type { LabMachine } from "../machine.ts";
import type { LabHost } from "../network/network.ts";
import { serveRedfish } from "./redfish/serve-redfish.ts";
import type { RunningBmc } from "./serve-bmc.ts";
import { serveBmc } from "./serve-bmc.ts";

/** The administrator of every BMC. */
export const BMC_USER = "admin";
/** UDP ports for IPMI: this one for the first node, the next for the second. */
const FIRST_IPMI_PORT = 6230;
/** A real one has 443, which needs root. */
const REDFISH_PORT = 8443;

/** Where one BMC answers. It has an address of its own: it lives on while the node is dead. */
export interface BmcPlace {
  readonly host: LabHost;
  readonly ipmiPort: number;
  readonly redfishPort: number;
}

export const bmcPlace = (host: LabHost, index: number): BmcPlace => ({
  host,
  ipmiPort: FIRST_IPMI_PORT + index,
  redfishPort: REDFISH_PORT,
});

/** Who signs for the BMCs of a cluster: as in reality not who signs for the cluster. */
export interface BmcAuthority {
  readonly authority: CertificateAuthority;
  readonly caPath: string;
}

export async function createBmcAuthority(
  { certificates }: Pick<LabContext, "certificates">,
  folder: string,
): Promise<BmcAuthority> {
  const authority = await certificates.createAuthority("blackout lab BMCs");
  const caPath = join(folder, "bmc-ca.pem");
  await writeFile(caPath, authority.pem, { mode: 0o644 });
  return { authority, caPath };
}

/** A node's BMC in both of its languages, IPMI and Redfish; they stop and start together. */
export async function startBmc(
  place: BmcPlace,
  machine: LabMachine,
  parts: {
    readonly password: string;
    readonly authority: CertificateAuthority;
    readonly clock: LabContext["clock"];
  },
): Promise<RunningBmc> {
  const { host } = place;
  const { clock } = parts;
  const credentials = { user: BMC_USER, password: parts.password };
  const tls = await parts.authority.issueServer({
    commonName: `${machine.name}-bmc`,
    dnsNames: [`${machine.name}-bmc`],
    addresses: [host.address],
  });
  const redfish = { port: place.redfishPort, credentials, tls, clock };
  const both = [
    await serveRedfish(host, machine, redfish),
    await serveBmc(host.address, place.ipmiPort, machine, credentials, { clock }),
  ];
  const all = async (act: (bmc: RunningBmc) => Promise<void>): Promise<void> => {
    await Promise.all(both.map(act));
  };
  return {
    stop: async () => await all(async (bmc) => await bmc.stop()),
    start: async () => await all(async (bmc) => await bmc.start()),
    close: async () => await all(async (bmc) => await bmc.close()),
  };
}
