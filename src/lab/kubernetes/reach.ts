import type { BmcProtocol } from "../../model/fault-spec.ts";
import type { KubernetesCluster } from "../../model/inventory.ts";
import type { LabOrigin } from "../../model/lab.ts";
import type { SafetyLimits } from "../../model/safety.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { howToAskBmc } from "../bmc/how-to-ask.ts";
import type { BmcPlace } from "../bmc/start-bmc.ts";
import type { HowTo } from "../lab-cluster.ts";
import { nodeAccess, quoted } from "../node-access.ts";
import { API_PORT, INGRESS_PORT, SSH_PORT } from "./ports.ts";
import type { ClusterSecrets } from "./secret-files.ts";

/** Where one node's services answer. */
interface NodePlace {
  readonly name: string;
  readonly role: "control-plane" | "worker";
  readonly address: string;
  readonly hostKeyFingerprint: string;
  readonly bmc: BmcPlace;
}

export interface ClusterPlace {
  readonly name: string;
  readonly safety: SafetyLimits;
  readonly bmc: BmcProtocol;
  readonly bmcCaPath: string;
  readonly settings: KubernetesSettings;
  readonly origin: LabOrigin;
  readonly kubeSystemUid: string;
  readonly secrets: ClusterSecrets;
  readonly kubeconfig: string;
  /** Path of the manifests of a desktop to try. */
  readonly exampleDesktop: string;
  readonly ingressAddress: string;
  readonly places: readonly NodePlace[];
}

const apiUrl = (place: NodePlace): string => `https://${place.address}:${API_PORT}`;

/** The cluster as an ordinary inventory would describe it. */
export const inventoryEntry = (cluster: ClusterPlace): KubernetesCluster => ({
  kind: "kubernetes",
  name: cluster.name,
  armed: true,
  identity: { kube_system_uid: cluster.kubeSystemUid },
  api: {
    servers: cluster.places
      .filter((place) => place.role === "control-plane")
      .map((place) => ({ url: apiUrl(place), node: place.name })),
    auth: {
      kind: "client-certificate",
      certificate: cluster.secrets.clientCertificate,
      key: cluster.secrets.clientKey,
    },
    tls: { kind: "ca", path: cluster.secrets.caPath },
  },
  ingress_url: `http://${cluster.ingressAddress}:${INGRESS_PORT}`,
  lock_namespace: "default",
  controller_manager: {
    node_monitor_period_ms: cluster.settings.node_monitor_period_ms,
    node_monitor_grace_ms: cluster.settings.node_monitor_grace_ms,
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
  const { name, secrets } = cluster;
  const [first] = cluster.places;
  const last = cluster.places.at(-1);
  if (first === undefined || last === undefined) return [];
  const kubectl = `kubectl --kubeconfig ${quoted(cluster.kubeconfig)}`;
  const header = `printf 'header = "Authorization: Bearer %s"' "$(cat ${quoted(secrets.tokenFile.path)})"`;
  return [
    {
      title: `${name}: what the API says of the nodes`,
      command: `${header} | curl -sS --cacert ${quoted(secrets.caPath)} -K - ${apiUrl(first)}/api/v1/nodes`,
    },
    { title: `${name}: nodes, as they change`, command: `${kubectl} get nodes -o wide -w` },
    { title: `${name}: every pod`, command: `${kubectl} get pods -A -o wide` },
    {
      title: `${name}: switch ${last.name} off over SSH`,
      command:
        `ssh -i ${quoted(secrets.sshKey.path)} -p ${SSH_PORT} -o StrictHostKeyChecking=accept-new ` +
        `-o UserKnownHostsFile=${quoted(`${secrets.folder}/known_hosts`)} root@${last.address} 'poweroff -ff'`,
    },
    ...howToAskBmc(name, last, { password: secrets.bmcPassword.path, ca: cluster.bmcCaPath }),
    {
      title: `${name}: make a desktop behind the ingress; it prints what to open in a browser`,
      command: `${kubectl} apply -f ${quoted(cluster.exampleDesktop)}; ${kubectl} rollout status deployment/desktop
echo http://${cluster.ingressAddress}:${INGRESS_PORT}/vnc.html`,
    },
  ];
}
