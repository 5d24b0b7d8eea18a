import type { BmcProtocol } from "../../model/fault-spec.ts";
import type { ProxmoxCluster } from "../../model/inventory.ts";
import type { LabOrigin } from "../../model/lab.ts";
import type { SafetyLimits } from "../../model/safety.ts";
import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import { howToAskBmc } from "../bmc/how-to-ask.ts";
import type { BmcPlace } from "../bmc/start-bmc.ts";
import type { HowTo } from "../lab-cluster.ts";
import { nodeAccess, quoted } from "../node-access.ts";
import { TOKEN_ID } from "./accounts.ts";
import type { ClusterSecrets } from "./secret-files.ts";

export const API_PORT = 8006;
export const SSH_PORT = 2222;

/** Where one node's services answer. */
interface NodePlace {
  readonly name: string;
  readonly address: string;
  readonly hostKeyFingerprint: string;
  readonly bmc: BmcPlace;
}

export interface ClusterPlace {
  readonly name: string;
  readonly twin: ProxmoxTwin;
  readonly safety: SafetyLimits;
  readonly bmc: BmcProtocol;
  readonly bmcCaPath: string;
  readonly origin: LabOrigin;
  readonly caFingerprint: string;
  readonly secrets: ClusterSecrets;
  readonly places: readonly NodePlace[];
}

/** The cluster as an ordinary inventory would describe it. */
export const inventoryEntry = (cluster: ClusterPlace): ProxmoxCluster => ({
  kind: "proxmox",
  name: cluster.name,
  armed: true,
  identity: { name: cluster.twin.clusterName, ca_fingerprint: cluster.caFingerprint },
  api: {
    hosts: cluster.places.map((place) => ({
      url: `https://${place.address}:${API_PORT}`,
      node: place.name,
    })),
    token_id: TOKEN_ID,
    token_secret: cluster.secrets.tokenSecret,
    tls: { kind: "ca", path: cluster.secrets.caPath },
  },
  corosync: {
    token_ms: cluster.twin.settings.token_ms,
    token_coefficient_ms: cluster.twin.settings.token_coefficient_ms,
  },
  nodes: cluster.places.map((place) =>
    nodeAccess(
      place,
      { ...cluster.secrets, bmcCaPath: cluster.bmcCaPath },
      { sshPort: SSH_PORT, bmc: cluster.bmc },
    ),
  ),
  safety: cluster.safety,
  lab: cluster.origin,
});

/** Ready to paste. Secrets come from their files, and never stand on a command line. */
export function howToReach(cluster: ClusterPlace): readonly HowTo[] {
  const { secrets, name } = cluster;
  const [first] = cluster.places;
  const last = cluster.places.at(-1);
  if (first === undefined || last === undefined) return [];
  const nodes = `https://${first.address}:${API_PORT}/api2/json/nodes/${first.name}/qemu`;
  const curl = curlFunction(secrets);
  return [
    {
      title: `${name}: what the API says of the cluster`,
      command: `${curl}\npve https://${first.address}:${API_PORT}/api2/json/cluster/resources`,
    },
    {
      title: `${name}: make a desktop of VM 100; it prints what to open in a browser`,
      command: [
        curl,
        `pve -X POST ${nodes}/9000/clone -d newid=100 -d name=desktop; sleep 6`,
        `pve -X POST ${nodes}/100/status/start; sleep 20`,
        `pve ${nodes}/100/agent/network-get-interfaces | grep -o '127[.0-9]*' | tail -1 | sed 's|.*|http://&:6080/vnc.html|'`,
      ].join("\n"),
    },
    {
      title: `${name}: switch ${last.name} off over SSH`,
      command:
        `ssh -i ${quoted(secrets.sshKey.path)} -p ${SSH_PORT} -o StrictHostKeyChecking=accept-new ` +
        `-o UserKnownHostsFile=${quoted(`${secrets.folder}/known_hosts`)} root@${last.address} 'poweroff -f'`,
    },
    ...howToAskBmc(name, last, { password: secrets.bmcPassword.path, ca: cluster.bmcCaPath }),
  ];
}

/** A shell function that calls curl with the CA and the token; the token goes through a pipe, not through argv. */
const curlFunction = (secrets: ClusterSecrets): string =>
  `pve() { printf 'header = "Authorization: PVEAPIToken=${TOKEN_ID}=%s"' ` +
  `"$(cat ${quoted(secrets.tokenSecret.path)})" | ` +
  `curl -sS --cacert ${quoted(secrets.caPath)} -K - "$@"; }`;
