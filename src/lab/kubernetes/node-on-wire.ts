import type { KubernetesTwin } from "../../twin/kubernetes/kubernetes-twin.ts";
import type { RunningBmc } from "../bmc/serve-bmc.ts";
import type { BmcAuthority, BmcPlace } from "../bmc/start-bmc.ts";
import { bmcPlace, startBmc } from "../bmc/start-bmc.ts";
import type { LabContext } from "../lab-cluster.ts";
import type { LabHost } from "../network/network.ts";
import { serveSsh } from "../ssh/serve-ssh.ts";
import type { SshKey } from "../ssh/ssh-key.ts";
import { newSshKey } from "../ssh/ssh-key.ts";
import { machineOf } from "./machines.ts";
import { SSH_PORT } from "./ports.ts";
import type { ClusterSecrets } from "./secret-files.ts";

/** One node's places on the network. */
export interface NodeOnWire {
  readonly name: string;
  readonly role: "control-plane" | "worker";
  readonly host: LabHost;
  readonly bmc: BmcPlace;
  readonly hostKey: SshKey;
}

export async function connectNode(
  node: {
    readonly name: string;
    readonly role: "control-plane" | "worker";
    readonly index: number;
  },
  cluster: string,
  context: LabContext,
): Promise<NodeOnWire> {
  const { name, role } = node;
  const bmcHost = await context.network.addHost(`${cluster}-${name}-bmc`);
  return {
    name,
    role,
    host: await context.network.addHost(`${cluster}-${name}`),
    bmc: bmcPlace(bmcHost, node.index),
    hostKey: newSshKey(`root@${name}`),
  };
}

export interface Management {
  setSsh(working: boolean): Promise<void>;
  readonly bmc: RunningBmc;
}

/** SSH and BMC of one node. */
export async function startManagement(
  node: NodeOnWire,
  twin: KubernetesTwin,
  parts: {
    readonly context: LabContext;
    readonly secrets: ClusterSecrets;
    readonly bmcs: BmcAuthority;
  },
): Promise<Management> {
  const { context, secrets } = parts;
  const { clock } = context;
  const machine = machineOf(twin, { name: node.name, address: node.host.address }, () =>
    context.twinTime.catchUp(),
  );
  const identity = {
    hostKeyPem: node.hostKey.privateKey,
    authorizedKey: secrets.authorizedKey,
    hostname: node.name,
  };
  const openSsh = async (): Promise<void> =>
    await serveSsh(node.host, SSH_PORT, machine, identity, clock);
  await openSsh();
  let sshWorks = true;
  return {
    setSsh: async (working) => {
      if (working === sshWorks) return;
      sshWorks = working;
      await (working ? openSsh() : node.host.unlisten(SSH_PORT));
    },
    bmc: await startBmc(node.bmc, machine, {
      password: secrets.bmcPasswordText,
      authority: parts.bmcs.authority,
      clock,
    }),
  };
}
