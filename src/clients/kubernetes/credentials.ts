import { readFile } from "node:fs/promises";
import { OperatingError } from "../../base/errors.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { KubernetesCluster, TlsTrust } from "../../model/inventory.ts";

/** Who the servers must be, and who we are, read from where the inventory says. */
export interface Credentials {
  readonly trust:
    | { readonly kind: "ca"; readonly pem: string }
    | { readonly kind: "fingerprint"; readonly fingerprint: string }
    | { readonly kind: "insecure" };
  /** PEM of our client certificate and its key; null when a token says who we are. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** The Authorization header; null with a client certificate. */
  readonly authorization: string | null;
}

export async function loadCredentials(
  api: KubernetesCluster["api"],
  secrets: Secrets,
): Promise<Credentials> {
  const trust = await loadTrust(api.tls);
  if (api.auth.kind === "token") {
    const token = await secrets.resolve(api.auth.token);
    return { trust, certificate: null, authorization: `Bearer ${token.trim()}` };
  }
  const cert = await secrets.resolve(api.auth.certificate);
  const key = await secrets.resolve(api.auth.key);
  return { trust, certificate: { cert, key }, authorization: null };
}

async function loadTrust(tls: TlsTrust): Promise<Credentials["trust"]> {
  switch (tls.kind) {
    case "ca":
      return { kind: "ca", pem: await readCa(tls.path) };
    case "fingerprint":
      return { kind: "fingerprint", fingerprint: asNodeWritesIt(tls.sha256) };
    case "insecure":
      return { kind: "insecure" };
  }
}

/** `aabb...` and `AA:BB:...` are one fingerprint. */
const asNodeWritesIt = (fingerprint: string): string =>
  (fingerprint.replaceAll(":", "").toUpperCase().match(/../gu) ?? []).join(":");

async function readCa(path: string): Promise<string> {
  const pem = await readFile(path, "utf8").catch((cause: unknown) => {
    throw notUsable(path, "it cannot be read", cause);
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw notUsable(path, "it is no PEM", null);
  return pem;
}

const notUsable = (path: string, why: string, cause: unknown): OperatingError =>
  new OperatingError(
    "configuration",
    `Cannot verify the API servers as the CA file is not usable (${why}): its path is ${path}. Copy certificate-authority-data of a kubeconfig, base64-decoded, there`,
    { facts: { path }, ...(cause === null ? {} : { cause }) },
  );
