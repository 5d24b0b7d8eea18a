import { X509Certificate } from "node:crypto";
import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { present } from "../../base/assert.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Instant } from "../../base/time.ts";
import type { BmcProtocol } from "../../model/fault-spec.ts";
import type { SafetyLimits } from "../../model/safety.ts";
import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { BmcAuthority } from "../bmc/start-bmc.ts";
import { createBmcAuthority, startBmc } from "../bmc/start-bmc.ts";
import type { LabCommand, LabContext, RunningLabCluster } from "../lab-cluster.ts";
import { createAccounts } from "./accounts.ts";
import { createApiServer } from "./api-server.ts";
import type { ApiWorld } from "./api-world.ts";
import { ConsoleDesk } from "./console-desk.ts";
import { createDispatch } from "./dispatch.ts";
import { followTwin } from "./follow-twin.ts";
import { GuestNetwork } from "./guest-network.ts";
import { createMachines } from "./machines.ts";
import type { NodeOnWire } from "./node-on-wire.ts";
import { connectNode } from "./node-on-wire.ts";
import type { NodeServices } from "./node-services.ts";
import { startNodeServices } from "./node-services.ts";
import type { ClusterPlace } from "./reach.ts";
import { howToReach, inventoryEntry } from "./reach.ts";
import type { ClusterSecrets } from "./secret-files.ts";
import { writeSecrets } from "./secret-files.ts";
import { Sessions } from "./sessions.ts";
import { Statistics } from "./statistics.ts";

export interface ServedTwin {
  readonly name: string;
  readonly safety: SafetyLimits;
  readonly bmc: BmcProtocol;
  readonly twin: ProxmoxTwin;
}

/**
 * Puts sockets in front of a twin: certificates and secrets, a machine per node on the network, then the API over all
 * of them, SSH and BMC per node, and the guests. From then on the network follows the twin.
 */
export async function serveProxmox(
  served: ServedTwin,
  context: LabContext,
): Promise<RunningLabCluster> {
  const { twin, name } = served;
  const authority = await context.certificates.createAuthority("Proxmox Virtual Environment");
  const accounts = createAccounts();
  const secrets = await writeSecrets(join(context.directory, name), authority.pem, accounts);
  const nodes: NodeOnWire[] = [];
  for (const node of twin.nodes) nodes.push(await connectNode(node, name, { authority, context }));

  const down = new Map<string, Instant>();
  const stoppedApis = new Set<string>();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const guests = new GuestNetwork(twin, context.network, context.clock);
  const world: ApiWorld = {
    twin,
    accounts,
    stoppedApis,
    twinTime: context.twinTime,
    clock: context.clock,
    sessions: new Sessions(context.clock),
    statistics: new Statistics(context.twinTime.queue, twin),
    nodes: new Map(nodes.map(({ identity }) => [identity.name, identity])),
    authorityPem: authority.pem,
    pools: new Map(),
    downSince: (node) => down.get(node) ?? null,
    guestAddress: (vmid) => guests.address(vmid),
    vncWorks: () => guests.vncWorks,
    closing: closing.signal,
  };
  const hosts = new Map(nodes.map((node) => [node.identity.name, node.host]));
  const { statistics } = world;
  const silence = twin.subscribe((event) => {
    context.onTruth(name, event);
  });
  const unfollow = await followTwin(twin, { hosts, guests, statistics, down });
  const bmcs = await createBmcAuthority(context, secrets.folder);
  const { services, stop } = await startServices(world, nodes, { secrets, bmcs, stoppedApis });
  const place = placeOf(served, context, { secrets, bmcs, nodes, caPem: authority.pem });
  return {
    cluster: inventoryEntry(place),
    howTo: howToReach(place),
    control: async (command) => await control(command, { name, services, guests }),
    close: async () => {
      closing.abort(new OperatingError("unreachable", "the lab is closed"));
      silence();
      unfollow();
      statistics.stop();
      await stop();
    },
  };
}

async function startServices(
  world: ApiWorld,
  nodes: readonly NodeOnWire[],
  own: {
    readonly secrets: ClusterSecrets;
    readonly bmcs: BmcAuthority;
    readonly stoppedApis: Set<string>;
  },
): Promise<{ services: ReadonlyMap<string, NodeServices>; stop: () => Promise<void> }> {
  const machines = createMachines(world);
  const desk = new ConsoleDesk(world.clock);
  const dispatch = createDispatch(world, desk);
  const services = new Map<string, NodeServices>();
  for (const node of nodes) {
    const { name } = node.identity;
    const machine = present(machines.machines.get(name), `machine ${name}`);
    const started = await startNodeServices({
      host: node.host,
      machine,
      api: createApiServer(name, node.tls, { world, desk, dispatch }),
      hostKeyPem: node.hostKey.privateKey,
      authorizedKey: own.secrets.authorizedKey,
      bmc: await startBmc(node.bmc, machine, {
        password: own.secrets.bmcPasswordText,
        authority: own.bmcs.authority,
        clock: world.clock,
      }),
      clock: world.clock,
      onApi: (working) => {
        if (working) own.stoppedApis.delete(name);
        else own.stoppedApis.add(name);
      },
    });
    services.set(name, started);
  }
  const stop = async (): Promise<void> => {
    machines.stop();
    await Promise.all([...services.values()].map(async (each) => await each.close()));
  };
  return { services, stop };
}

const placeOf = (
  served: ServedTwin,
  context: LabContext,
  parts: {
    readonly secrets: ClusterSecrets;
    readonly bmcs: BmcAuthority;
    readonly nodes: readonly NodeOnWire[];
    readonly caPem: string;
  },
): ClusterPlace => ({
  ...served,
  origin: context.origin,
  secrets: parts.secrets,
  caFingerprint: new X509Certificate(parts.caPem).fingerprint256,
  bmcCaPath: parts.bmcs.caPath,
  places: parts.nodes.map((node) => ({
    name: node.identity.name,
    address: node.identity.address,
    hostKeyFingerprint: node.hostKey.fingerprint,
    bmc: node.bmc,
  })),
});

async function control(
  command: LabCommand,
  parts: {
    readonly name: string;
    readonly services: ReadonlyMap<string, NodeServices>;
    readonly guests: GuestNetwork;
  },
): Promise<void> {
  const { part, working } = command;
  if (part === "vnc") {
    parts.guests.setVnc(working);
    return;
  }
  const service = parts.services.get(command.node ?? "");
  if (part === "ingress" || service === undefined) {
    const node = command.node ?? "none";
    throw new OperatingError(
      "configuration",
      `Cannot switch ${part} of node ${node} as cluster ${parts.name} has no such part: ` +
        `parts are vnc, and api, bmc and ssh of ${[...parts.services.keys()].join(", ")}`,
      { facts: { part, node } },
    );
  }
  await service.set(part, working);
}
