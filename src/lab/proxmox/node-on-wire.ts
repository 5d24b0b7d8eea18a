import { X509Certificate } from "node:crypto";
import type { CertificateAuthority, LabContext } from "../lab-cluster.ts";
import type { LabHost } from "../network/network.ts";
import type { SshKey } from "../ssh/ssh-key.ts";
import { newSshKey } from "../ssh/ssh-key.ts";
import type { NodeIdentity } from "./api-world.ts";

/** One node's machine on the network, with what it needs to be believed. */
export interface NodeOnWire {
  readonly host: LabHost;
  /** Its BMC has an address of its own: it answers while the node is dead. */
  readonly bmcAddress: string;
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
  const bmc = await context.network.addHost(`${cluster}-${node.name}-bmc`);
  const { key, certificate } = await authority.issueServer({
    commonName: `${node.name}.${cluster}.lab`,
    dnsNames: ["localhost", node.name, `${node.name}.${cluster}.lab`],
    addresses: ["127.0.0.1", "::1", host.address],
  });
  return {
    host,
    bmcAddress: bmc.address,
    tls: { key, cert: certificate },
    identity: {
      ...node,
      address: host.address,
      fingerprint: new X509Certificate(certificate).fingerprint256,
    },
    hostKey: newSshKey(`root@${node.name}`),
  };
}
