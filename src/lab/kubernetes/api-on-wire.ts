import type { Server } from "node:https";
import type { CertificateAuthority } from "../lab-cluster.ts";
import { createApiServer } from "./api/api-server.ts";
import type { ApiWorld } from "./api/request.ts";
import type { NodeOnWire } from "./node-on-wire.ts";
import { API_PORT } from "./ports.ts";

/** The API server of one control-plane node: it can be stopped while the node lives. */
export interface ApiOnWire {
  set(working: boolean): Promise<void>;
  close(): void;
}

export async function startApi(
  node: NodeOnWire,
  world: ApiWorld,
  parts: { readonly authority: CertificateAuthority; readonly token: string },
): Promise<ApiOnWire> {
  const { address } = node.host;
  const { key, certificate } = await parts.authority.issueServer({
    commonName: "kube-apiserver",
    dnsNames: [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      node.name,
      "localhost",
    ],
    addresses: [address, "10.96.0.1"],
  });
  const server: Server = createApiServer(world, {
    tls: { key, certificate, ca: parts.authority.pem },
    token: parts.token,
    address: `${address}:${API_PORT}`,
  });
  const open = async (): Promise<void> =>
    await node.host.listen(API_PORT, (socket) => {
      server.emit("connection", socket);
    });
  await open();
  let works = true;
  return {
    set: async (working) => {
      if (working === works) return;
      works = working;
      await (working ? open() : node.host.unlisten(API_PORT));
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
