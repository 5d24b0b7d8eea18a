import type { ProxmoxCluster } from "../../model/inventory.ts";
import type { LabOrigin, LabSafety } from "../../model/lab.ts";
import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { HowTo } from "../lab-cluster.ts";
import { nodeAccess, quoted } from "../node-access.ts";
import { TOKEN_ID } from "./accounts.ts";
import type { ClusterSecrets } from "./secret-files.ts";

export const API_PORT = 8006;
export const SSH_PORT = 2222;
/** UDP ports of the BMCs: this one for the first node, the next for the second. */
export const FIRST_BMC_PORT = 6230;
export const BMC_USER = "admin";

/** Where one node's services answer. */
interface NodePlace {
  readonly name: string;
  readonly address: string;
  readonly hostKeyFingerprint: string;
  readonly bmcAddress: string;
  readonly bmcPort: number;
}

export interface ClusterPlace {
  readonly name: string;
  readonly twin: ProxmoxTwin;
  readonly safety: LabSafety;
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
    nodeAccess(place, cluster.secrets, { sshPort: SSH_PORT, bmcUser: BMC_USER }),
  ),
  safety: {
    max_nodes_down: cluster.safety.max_nodes_down,
    protected_nodes: cluster.safety.protected_nodes,
  },
  lab: cluster.origin,
});

/** Ready to paste. Secrets come from their files, and never stand on a command line. */
export function howToReach(cluster: ClusterPlace): readonly HowTo[] {
  const { secrets, name } = cluster;
  const [first] = cluster.places;
  const last = cluster.places.at(-1);
  if (first === undefined || last === undefined) return [];
  const nodes = `https://${first.address}:${API_PORT}/api2/json/nodes/${first.name}/qemu`;
  const ipmi = (suite: 3 | 17, command: string): string =>
    `ipmitool -I lanplus -C ${suite} -H ${last.bmcAddress} -p ${last.bmcPort} -U ${BMC_USER} ` +
    `-f ${quoted(secrets.bmcPassword.path)} ${command}`;
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
    {
      title: `${name}: ask the BMC of ${last.name}, cipher suite 3`,
      command: ipmi(3, "chassis power status"),
    },
    {
      title: `${name}: switch ${last.name} on over its BMC, cipher suite 17`,
      command: ipmi(17, "chassis power on"),
    },
  ];
}

/** A shell function that calls curl with the CA and the token; the token goes through a pipe, not through argv. */
const curlFunction = (secrets: ClusterSecrets): string =>
  `pve() { printf 'header = "Authorization: PVEAPIToken=${TOKEN_ID}=%s"' ` +
  `"$(cat ${quoted(secrets.tokenSecret.path)})" | ` +
  `curl -sS --cacert ${quoted(secrets.caPath)} -K - "$@"; }`;
