import { X509Certificate } from "node:crypto";
import type { BmcPlace } from "../bmc/start-bmc.ts";
import { bmcPlace } from "../bmc/start-bmc.ts";
import type { CertificateAuthority, LabContext } from "../lab-cluster.ts";
import type { LabHost } from "../network/network.ts";
import type { SshKey } from "../ssh/ssh-key.ts";
import { newSshKey } from "../ssh/ssh-key.ts";
import type { NodeIdentity } from "./api-world.ts";

/** One node's machine on the network, with what it needs to be believed. */
export interface NodeOnWire {
  readonly host: LabHost;
  readonly bmc: BmcPlace;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly identity: NodeIdentity;
  readonly hostKey: SshKey;
}

export async function connectNode(
  node: { readonly name: string; readonly id: number },
  cluster: string,
  parts: { readonly authority: CertificateAuthority; readonly context: LabContext },
): Promise<NodeOnWire> {
  const { authority, context } = parts;
  const host = await context.network.addHost(`${cluster}-${node.name}`);
  const bmcHost = await context.network.addHost(`${cluster}-${node.name}-bmc`);
  const bmc = bmcPlace(bmcHost, node.id - 1);
  const { key, certificate } = await authority.issueServer({
    commonName: `${node.name}.${cluster}.lab`,
    dnsNames: ["localhost", node.name, `${node.name}.${cluster}.lab`],
    addresses: ["127.0.0.1", "::1", host.address],
  });
  return {
    host,
    bmc,
    tls: { key, cert: certificate },
    identity: {
      ...node,
      address: host.address,
      fingerprint: new X509Certificate(certificate).fingerprint256,
    },
    hostKey: newSshKey(`root@${node.name}`),
  };
}
