import { join } from "node:path";
import { DateTime } from "luxon";
import { OperatingError } from "../../base/errors.ts";
import type { BmcProtocol } from "../../model/fault-spec.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { SafetyLimits } from "../../model/safety.ts";
import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import { createKubernetesTwin, nodeNames } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { BmcAuthority } from "../bmc/start-bmc.ts";
import { createBmcAuthority } from "../bmc/start-bmc.ts";
import type {
  CertificateAuthority,
  LabCommand,
  LabContext,
  RunningLabCluster,
} from "../lab-cluster.ts";
import type { LabHost } from "../network/network.ts";
import type { ApiWorld } from "./api/request.ts";
import { createResources } from "./api/resources.ts";
import type { ApiOnWire } from "./api-on-wire.ts";
import { startApi } from "./api-on-wire.ts";
import { createIngressServer } from "./data-plane/ingress-server.ts";
import { NodePorts } from "./data-plane/node-ports.ts";
import { PodNetwork } from "./data-plane/pod-network.ts";
import { followTwin } from "./follow-twin.ts";
import type { Management, NodeOnWire } from "./node-on-wire.ts";
import { connectNode, startManagement } from "./node-on-wire.ts";
import { API_PORT, INGRESS_PORT } from "./ports.ts";
import type { ClusterPlace } from "./reach.ts";
import { writeExampleDesktop } from "./example-desktop.ts";
import { howToReach, inventoryEntry } from "./reach.ts";
import type { ClusterSecrets } from "./secret-files.ts";
import { writeKubeconfig, writeSecrets } from "./secret-files.ts";

export interface KubernetesLabOptions {
  readonly name: string;
  readonly safety: SafetyLimits;
  readonly bmc: BmcProtocol;
  readonly settings: KubernetesSettings;
}

/** What runs, by what it can be told. */
interface Parts {
  readonly apis: ReadonlyMap<string, ApiOnWire>;
  readonly managements: ReadonlyMap<string, Management>;
  readonly pods: PodNetwork;
  readonly ingress: {
    readonly set: (working: boolean) => Promise<void>;
    readonly close: () => void;
  };
}

/**
 * A Kubernetes cluster that answers: machines on the network, a twin behind them, certificates and secrets, an API
 * server per control-plane node, SSH and BMC per node, desktops, node ports and an ingress. From then on the network
 * follows the twin.
 */
export async function createKubernetesLab(
  options: KubernetesLabOptions,
  context: LabContext,
): Promise<RunningLabCluster> {
  const { name, settings } = options;
  requireControlPlane(options);
  const nodes: NodeOnWire[] = [];
  for (const [index, node] of nodeNames(settings).entries()) {
    nodes.push(await connectNode({ ...node, index }, name, context));
  }
  const ingressHost = await context.network.addHost(`${name}-ingress`);
  const hosts = new Map(nodes.map((node) => [node.name, node.host]));
  const twin = createTwin(options, context, hosts);
  const authority = await context.certificates.createAuthority("kubernetes");
  const client = await authority.issueClient({
    commonName: "kubernetes-admin",
    organisation: "system:masters",
  });
  const secrets = await writeSecrets(join(context.directory, name), authority.pem, client);

  const bmcs = await createBmcAuthority(context, secrets.folder);
  const pods = new PodNetwork(hosts, context.clock);
  const catchUp = (): void => context.twinTime.catchUp();
  const plane = { twin, clock: context.clock, catchUp, hosts };
  const nodePorts = new NodePorts(plane);
  const unfollow = followTwin(twin, { hosts, pods, nodePorts });
  twin.subscribe((event) => context.onTruth(name, event));
  const parts: Parts = {
    pods,
    apis: await startApis(nodes, twin, { context, authority, token: secrets.token }),
    managements: await startManagements(nodes, twin, { context, secrets, bmcs }),
    ingress: await startIngress(ingressHost, createIngressServer(plane)),
  };
  const place = await placeOf(options, context, { twin, nodes, secrets, bmcs, ingressHost });
  return {
    cluster: inventoryEntry(place),
    howTo: howToReach(place),
    control: async (command) => await control(command, name, parts),
    close: async () => {
      unfollow();
      await closeParts(parts);
    },
  };
}

function requireControlPlane({ name, settings }: KubernetesLabOptions): void {
  if (settings.control_plane_nodes > 0) return;
  throw new OperatingError(
    "configuration",
    `Cannot start lab cluster ${name} as nobody would serve its API: control_plane_nodes is 0. Set it to 1 or more.`,
  );
}

function createTwin(
  options: KubernetesLabOptions,
  context: LabContext,
  hosts: ReadonlyMap<string, LabHost>,
): KubernetesTwin {
  context.twinTime.catchUp();
  return createKubernetesTwin({
    settings: options.settings,
    scheduler: context.twinTime.queue,
    random: context.random.fork(`kubernetes/${options.name}`),
    wallOrigin: DateTime.fromISO(context.origin.origin_wall, { zone: "utc" }),
    addressOf: (node) => hosts.get(node)?.address ?? "",
  });
}

async function startApis(
  nodes: readonly NodeOnWire[],
  twin: KubernetesTwin,
  given: {
    readonly context: LabContext;
    readonly authority: CertificateAuthority;
    readonly token: string;
  },
): Promise<ReadonlyMap<string, ApiOnWire>> {
  const { clock, twinTime } = given.context;
  const world: ApiWorld = {
    twin,
    clock,
    resources: createResources(twin),
    catchUp: () => twinTime.catchUp(),
    wallSeconds: () => twinTime.wallSeconds(),
  };
  const apis = new Map<string, ApiOnWire>();
  for (const node of nodes) {
    if (node.role === "control-plane") apis.set(node.name, await startApi(node, world, given));
  }
  return apis;
}

async function startManagements(
  nodes: readonly NodeOnWire[],
  twin: KubernetesTwin,
  given: Parameters<typeof startManagement>[2],
): Promise<ReadonlyMap<string, Management>> {
  const managements = new Map<string, Management>();
  for (const node of nodes) managements.set(node.name, await startManagement(node, twin, given));
  return managements;
}

async function startIngress(
  host: LabHost,
  server: ReturnType<typeof createIngressServer>,
): Promise<Parts["ingress"]> {
  const open = async (): Promise<void> =>
    await host.listen(INGRESS_PORT, (socket) => {
      server.emit("connection", socket);
    });
  await open();
  let works = true;
  return {
    set: async (working) => {
      if (working === works) return;
      works = working;
      await (working ? open() : host.unlisten(INGRESS_PORT));
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function placeOf(
  options: KubernetesLabOptions,
  context: LabContext,
  given: {
    readonly twin: KubernetesTwin;
    readonly nodes: readonly NodeOnWire[];
    readonly secrets: ClusterSecrets;
    readonly bmcs: BmcAuthority;
    readonly ingressHost: LabHost;
  },
): Promise<ClusterPlace> {
  const { twin, nodes, secrets, ingressHost } = given;
  const server = `https://${nodes[0]?.host.address ?? ""}:${API_PORT}`;
  return {
    ...options,
    origin: context.origin,
    kubeSystemUid: twin.store.namespaces.get("", "kube-system")?.metadata.uid ?? "",
    secrets,
    kubeconfig: await writeKubeconfig(secrets, { name: options.name, server }),
    exampleDesktop: await writeExampleDesktop(secrets.folder),
    bmcCaPath: given.bmcs.caPath,
    ingressAddress: ingressHost.address,
    places: nodes.map((node) => ({
      name: node.name,
      role: node.role,
      address: node.host.address,
      hostKeyFingerprint: node.hostKey.fingerprint,
      bmc: node.bmc,
    })),
  };
}

async function control(command: LabCommand, cluster: string, parts: Parts): Promise<void> {
  const { part, working } = command;
  const node = command.node ?? "none";
  const management = parts.managements.get(node);
  switch (part) {
    case "vnc":
      parts.pods.setVnc(working);
      return;
    case "ingress":
      await parts.ingress.set(working);
      return;
    case "api": {
      const api = parts.apis.get(node) ?? missing(part, node, { cluster, parts });
      await api.set(working);
      return;
    }
    case "ssh":
      await (management ?? missing(part, node, { cluster, parts })).setSsh(working);
      return;
    case "bmc": {
      const { bmc } = management ?? missing(part, node, { cluster, parts });
      await (working ? bmc.start() : bmc.stop());
      return;
    }
  }
}

function missing(part: string, node: string, given: { cluster: string; parts: Parts }): never {
  throw new OperatingError(
    "configuration",
    `Cannot switch ${part} of node ${node} as cluster ${given.cluster} has no such part: parts are vnc, ingress, ` +
      `api of ${[...given.parts.apis.keys()].join(", ")}, bmc and ssh of ${[...given.parts.managements.keys()].join(", ")}`,
    { facts: { part, node } },
  );
}

async function closeParts(parts: Parts): Promise<void> {
  parts.ingress.close();
  for (const api of parts.apis.values()) api.close();
  await Promise.all([...parts.managements.values()].map(async ({ bmc }) => await bmc.close()));
}
