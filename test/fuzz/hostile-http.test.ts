import { describe, expect, it } from "vitest";
import { openRedfishSession } from "../../src/clients/bmc/redfish/redfish-session.ts";
import { KubernetesConnection } from "../../src/clients/kubernetes/connection.ts";
import type { ApiCall } from "../../src/clients/proxmox/proxmox-api.ts";
import { createProxmoxApi } from "../../src/clients/proxmox/proxmox-api.ts";
import { quickClock } from "../clients/quick-clock.ts";
import { clusterOf } from "../clients/proxmox/fake-pve.ts";
import { attemptAt, novnc } from "../probe/attempts.ts";
import { badServer, manners } from "./support/bad-server.ts";
import { grownDuring } from "./support/footprint.ts";
import { valueOrOperatingError } from "./support/outcome.ts";

/** The longest answers that are taken, a few times over, and garbage; a flood would be gigabytes. */
const MOST_GROWN = 400_000_000;

const never = new AbortController().signal;
const secrets = { resolve: async (): Promise<string> => "s3cret" };
/** What each client does to find out what becomes of it. Its deadlines pass in less than a second. */
const clients: Readonly<Record<string, (url: string) => Promise<unknown>>> = {
  "a Redfish session": async (url) =>
    await openRedfishSession(
      {
        kind: "redfish",
        url,
        user: "admin",
        password: { kind: "env", name: "X" },
        tls: { kind: "insecure" },
        system: null,
        mapping: "uuid",
      },
      { clock: quickClock(), secrets, signal: never },
    ),
  "a read of Proxmox VE": async (url) =>
    await proxmox(url, { method: "GET", path: "/cluster/status" }),
  "a write of Proxmox VE": async (url) =>
    await proxmox(url, { method: "POST", path: "/nodes/a/qemu/1/status/start" }),
  "a request of Kubernetes": async (url) =>
    await kubernetes(
      url,
      async (connection) =>
        await connection.request({ method: "GET", path: "/api/v1/nodes" }, never),
    ),
  "the opening of a watch of Kubernetes": async (url) =>
    await kubernetes(url, async (connection) => {
      const stream = await connection.stream({ url, node: null }, "/api/v1/pods", never);
      stream.close();
      return null;
    }),
};

async function proxmox(url: string, call: ApiCall): Promise<unknown> {
  const cluster = clusterOf([{ url, node: null }], { kind: "insecure" });
  const api = createProxmoxApi({ cluster, clock: quickClock(), secrets });
  try {
    return await api.call(call, never);
  } finally {
    await api.close();
  }
}

async function kubernetes(
  url: string,
  act: (connection: KubernetesConnection) => Promise<unknown>,
): Promise<unknown> {
  const connection = new KubernetesConnection(
    {
      servers: [{ url, node: null }],
      auth: { kind: "token", token: { kind: "env", name: "TOKEN" } },
      tls: { kind: "insecure" },
    },
    quickClock(),
    secrets,
  );
  try {
    return await act(connection);
  } finally {
    await connection.close();
  }
}

describe.each(Object.entries(clients))("%s ends in time, and small", (client, act) => {
  it.concurrent.each(Object.entries(manners))(
    "with a server that %s",
    async (manner, misbehave) => {
      const server = await badServer(misbehave, true);
      let outcome: unknown;
      const grown = await grownDuring(async () => {
        outcome = await valueOrOperatingError(
          async () => await act(`https://127.0.0.1:${server.port}`),
        );
      });
      await server.close();
      // The beginning of a watch is all that it takes to open it, and a redirection is an answer.
      const mayTake = client.startsWith("the opening") || manner.startsWith("redirects");
      expect(outcome instanceof Error || mayTake).toBe(true);
      expect(grown).toBeLessThan(MOST_GROWN);
    },
  );
});

describe("an attempt at a desktop ends in time, and small, with its failure and none of ours", () => {
  it.concurrent.each(Object.entries(manners))(
    "with a page's server that %s",
    async (_, misbehave) => {
      const server = await badServer(misbehave, false);
      const address = `127.0.0.1:${server.port}`;
      const endpoint = novnc({ page_url: `http://${address}/`, websocket_url: `ws://${address}/` });
      let outcome: unknown;
      const grown = await grownDuring(async () => {
        const { result } = await attemptAt(endpoint, { attempt_ms: 700, connect_ms: 700 });
        outcome = result.kind === "unobserved" && result.why === "late" ? { kind: "bad" } : result;
      });
      await server.close();
      expect(outcome).toMatchObject({ kind: "bad" });
      expect(grown).toBeLessThan(MOST_GROWN);
    },
  );
});
