import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SecretRef } from "../../model/secret.ts";
import { newSshKey } from "../ssh/ssh-key.ts";

type FileRef = SecretRef & { readonly kind: "file" };

/** What one lab cluster keeps on disk for those who want to reach it. All of it is mode 0600, but for the CA. */
export interface ClusterSecrets {
  readonly folder: string;
  readonly caPath: string;
  readonly clientCertificate: FileRef;
  readonly clientKey: FileRef;
  readonly tokenFile: FileRef;
  readonly sshKey: FileRef;
  readonly bmcPassword: FileRef;
  readonly token: string;
  /** `ssh-ed25519 AAAA...`. */
  readonly authorizedKey: string;
  readonly bmcPasswordText: string;
}

export async function writeSecrets(
  folder: string,
  caPem: string,
  client: { readonly key: string; readonly certificate: string },
): Promise<ClusterSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ssh = newSshKey("root@blackout-lab");
  const token = randomBytes(24).toString("base64url");
  // An IPMI 2.0 password has at most 20 bytes.
  const bmcPasswordText = randomBytes(12).toString("base64url");
  const secret = async (name: string, content: string): Promise<FileRef> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return { kind: "file", path };
  };
  const caPath = join(folder, "ca.pem");
  await writeFile(caPath, caPem, { mode: 0o644 });
  return {
    folder,
    caPath,
    clientCertificate: await secret("client.pem", client.certificate),
    clientKey: await secret("client-key.pem", client.key),
    tokenFile: await secret("api-token", token),
    sshKey: await secret("ssh-key", ssh.privateKey),
    bmcPassword: await secret("bmc-password", bmcPasswordText),
    token,
    authorizedKey: ssh.publicKey,
    bmcPasswordText,
  };
}

/** A kubeconfig that names the files beside it; returns its path. */
export async function writeKubeconfig(
  secrets: ClusterSecrets,
  cluster: { readonly name: string; readonly server: string },
): Promise<string> {
  const { name, server } = cluster;
  const path = join(secrets.folder, "kubeconfig");
  const content = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server, "certificate-authority": secrets.caPath } }],
    users: [
      {
        name: "kubernetes-admin",
        user: {
          "client-certificate": secrets.clientCertificate.path,
          "client-key": secrets.clientKey.path,
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: "kubernetes-admin" } }],
  };
  await writeFile(path, stringify(content), { mode: 0o600 });
  return path;
}
