import type { Secrets } from "../../contracts/secrets.ts";
import type { KubernetesCluster } from "../../model/inventory.ts";
import type { Trust } from "../shared/trust.ts";
import { loadTrust } from "../shared/trust.ts";

/** Where a cluster's CA is to be had. */
export const CA_SOURCE = "the decoded certificate-authority-data of a kubeconfig";

/** Who the servers must be, and who we are, read from where the inventory says. */
export interface Credentials {
  readonly trust: Trust;
  /** PEM of our client certificate and its key; null when a token says who we are. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** The Authorization header; null with a client certificate. */
  readonly authorization: string | null;
}

export async function loadCredentials(
  api: KubernetesCluster["api"],
  secrets: Secrets,
): Promise<Credentials> {
  const trust = await loadTrust(api.tls, CA_SOURCE);
  if (api.auth.kind === "token") {
    const token = await secrets.resolve(api.auth.token);
    return { trust, certificate: null, authorization: `Bearer ${token.trim()}` };
  }
  const cert = await secrets.resolve(api.auth.certificate);
  const key = await secrets.resolve(api.auth.key);
  return { trust, certificate: { cert, key }, authorization: null };
}
