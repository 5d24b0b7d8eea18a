import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { present } from "../../../src/base/assert.ts";
import type { Cluster, KubernetesCluster, ProxmoxCluster } from "../../../src/model/inventory.ts";
import type { SecretRef } from "../../../src/model/secret.ts";

/** A change of a Proxmox VE cluster. */
interface Change {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly form: Readonly<Record<string, string>>;
}

export type Ask = (path: string, change?: Change) => Promise<unknown>;

/** How to ask a cluster without any part of the tool. */
export async function askCluster(cluster: Cluster): Promise<Ask> {
  const { tls } = cluster.api;
  const ca = tls.kind === "ca" ? await readFile(tls.path, "utf8") : "";
  const access = cluster.kind === "kubernetes" ? await certified(cluster) : await byToken(cluster);
  return async (path, change) =>
    await exchange(new URL(path, access.url), { ca, ...access.options }, change ?? null);
}

async function certified({ api }: KubernetesCluster) {
  const url = present(api.servers[0], "a server").url;
  if (api.auth.kind === "token") {
    const authorization = `Bearer ${await secret(api.auth.token)}`;
    return { url, options: { headers: { authorization } } };
  }
  const options = { cert: await secret(api.auth.certificate), key: await secret(api.auth.key) };
  return { url, options };
}

async function byToken({ api }: ProxmoxCluster) {
  const authorization = `PVEAPIToken=${api.token_id}=${await secret(api.token_secret)}`;
  return { url: present(api.hosts[0], "a host").url, options: { headers: { authorization } } };
}

async function secret(ref: SecretRef): Promise<string> {
  if (ref.kind !== "file") throw new Error("a lab keeps its secrets in files");
  return (await readFile(ref.path, "utf8")).trim();
}

async function exchange(url: URL, options: object, change: Change | null): Promise<unknown> {
  const method = change?.method ?? "GET";
  return await new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, agent: false, timeout: 5000 }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${url.pathname}: ${response.statusCode ?? 0} ${text}`));
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${url.pathname}: it is silent`)));
    sent.on("error", reject);
    sent.end(change === null ? "" : new URLSearchParams(change.form).toString());
  });
}
