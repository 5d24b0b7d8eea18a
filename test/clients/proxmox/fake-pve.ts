import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Duplex } from "node:stream";
import type { ApiHost, ProxmoxCluster, TlsTrust } from "../../../src/model/inventory.ts";
import type { Secrets } from "../../../src/contracts/secrets.ts";
import { defaultSafety } from "../../../src/model/safety.ts";

const fixtures = new URL("../../fixtures/pve-api/", import.meta.url);
export const caPath = new URL("ca.pem", fixtures).pathname;
export const otherCaPath = new URL("other-ca.pem", fixtures).pathname;

export interface Asked {
  readonly line: string;
  readonly body: string;
  readonly authorization: string;
}

/** What the fake does with a request: answers, drops the connection after having read it, or says nothing for ever. */
export type Behaviour =
  { readonly status: number; readonly reason?: string; readonly body?: string } | "drop" | "hang";

export const ok = (data: unknown): Behaviour => ({ status: 200, body: JSON.stringify({ data }) });

/** A PVE host on loopback with a certificate of the test CA. It notes all it was asked. */
export async function fakePve(
  behave: (asked: Asked) => Behaviour,
  node: string | null = null,
): Promise<{ host: ApiHost; asked: Asked[]; close: () => Promise<void> }> {
  const asked: Asked[] = [];
  const sockets = new Set<Duplex>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const one = {
      line: `${request.method ?? ""} ${request.url ?? ""}`,
      body: Buffer.concat(chunks).toString(),
      authorization: request.headers.authorization ?? "",
    };
    asked.push(one);
    const behaviour = behave(one);
    if (behaviour === "hang") return;
    if (behaviour === "drop") {
      request.socket.destroy();
      return;
    }
    response.writeHead(behaviour.status, behaviour.reason ?? "OK", {
      "content-type": "application/json;charset=UTF-8",
    });
    response.end(behaviour.body ?? "");
  };
  const server = createServer(
    {
      key: await readFile(new URL("server.key", fixtures)),
      cert: await readFile(new URL("server.pem", fixtures)),
    },
    (request, response) => {
      answer(request, response).catch(() => request.socket.destroy());
    },
  );
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    host: { url: `https://127.0.0.1:${port}`, node },
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function clusterOf(
  hosts: readonly ApiHost[],
  tls: TlsTrust = { kind: "ca", path: caPath },
): ProxmoxCluster {
  return {
    kind: "proxmox",
    name: "lab",
    armed: true,
    nodes: [],
    safety: defaultSafety,
    lab: null,
    identity: { name: null, ca_fingerprint: null },
    api: {
      hosts,
      token_id: "lab@pve!tool",
      token_secret: { kind: "env", name: "PVE_TOKEN" },
      tls,
    },
    corosync: { token_ms: 3000, token_coefficient_ms: 650 },
  };
}

export const secretsOf = (secret: string): Secrets => ({ resolve: async () => secret });
