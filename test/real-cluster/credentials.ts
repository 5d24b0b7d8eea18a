import { createPrivateKey, randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCertificateIssuer } from "../../src/lab/certificates/issuer.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import type { Layout } from "./layout.ts";
import { apiUrl, apiWorkerOf } from "./layout.ts";
import { run } from "./run.ts";

/** Files with keys and certificates, all in one folder that only root may enter. */
export interface Credentials {
  readonly folder: string;
  readonly ca: string;
  readonly server: CertificateFiles;
  readonly admin: CertificateFiles;
  /** Signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  /** Of kube-controller-manager, kube-scheduler, kube-proxy and the kubelets, by name. */
  readonly kubeconfigs: ReadonlyMap<string, string>;
  readonly sshKey: string;
  readonly bmcUser: string;
  readonly bmcPassword: string;
}

interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What each part logs in as, from which RBAC's own roles follow. */
const COMPONENTS = [
  { file: "controller-manager", user: "system:kube-controller-manager" },
  { file: "scheduler", user: "system:kube-scheduler" },
  { file: "kube-proxy", user: "system:kube-proxy" },
] as const;

export async function createCredentials(layout: Layout): Promise<Credentials> {
  const folder = join(layout.folder, "credentials");
  await mkdir(folder, { mode: 0o700, recursive: true });
  const authority = await createCertificateIssuer(new SystemClock()).createAuthority("real-k8s");
  const ca = await secret(folder, "ca.crt", authority.pem);
  const store = async (
    name: string,
    made: { readonly key: string; readonly certificate: string },
  ): Promise<CertificateFiles> => ({
    certificate: await secret(folder, `${name}.crt`, made.certificate),
    key: await secret(folder, `${name}.key`, made.key),
  });
  const client = async (name: string, commonName: string, organisation: string) =>
    await store(name, await authority.issueClient({ commonName, organisation }));
  const admin = await client("admin", "admin", "system:masters");
  const server = await store(
    "server",
    await authority.issueServer({
      commonName: "kube-apiserver",
      dnsNames: ["kubernetes", "kubernetes.default", "localhost"],
      addresses: [layout.controlAddress, apiWorkerOf(layout).address, "127.0.0.1", "10.96.0.1"],
    }),
  );
  // Kubernetes 1.20 reads this one key in no other form.
  const signer = createPrivateKey(await readFile(server.key)).export({
    type: "sec1",
    format: "pem",
  });
  const serviceAccountKey = await secret(folder, "service-account.key", signer.toString());
  const kubeconfigs = new Map<string, string>();
  const login = async (name: string, user: string, group: string): Promise<void> => {
    const files = await client(name, user, group);
    kubeconfigs.set(name, await kubeconfig(folder, name, layout, { ca, ...files }));
  };
  for (const { file, user } of COMPONENTS) await login(file, user, "blackout");
  for (const { name } of layout.workers) {
    await login(name, `system:node:${name}`, "system:nodes");
  }
  kubeconfigs.set("admin", await kubeconfig(folder, "admin", layout, { ca, ...admin }));
  const sshKey = join(folder, "ssh-key");
  await createSshKey(sshKey);
  const bmcPassword = await secret(folder, "bmc-password", randomBytes(8).toString("hex"));
  return {
    folder,
    ca,
    server,
    admin,
    serviceAccountKey,
    kubeconfigs,
    sshKey,
    bmcUser: "admin",
    bmcPassword,
  };
}

/** An Ed25519 key pair without a passphrase. */
export async function createSshKey(file: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "blackout", "-f", file]);
}

/** `SHA256:...` */
export async function fingerprintOf(publicKey: string): Promise<string> {
  const [, fingerprint = ""] = (await run("ssh-keygen", ["-lf", publicKey])).split(" ");
  return fingerprint;
}

async function secret(folder: string, name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content, { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}

/** With everything inside, so that a worker needs this one file. */
async function kubeconfig(
  folder: string,
  name: string,
  layout: Layout,
  files: CertificateFiles & { readonly ca: string },
): Promise<string> {
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "real",
        cluster: {
          server: apiUrl(layout.controlAddress),
          "certificate-authority-data": await inside(files.ca),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          "client-certificate-data": await inside(files.certificate),
          "client-key-data": await inside(files.key),
        },
      },
    ],
    contexts: [{ name: "real", context: { cluster: "real", user: name } }],
    "current-context": "real",
  };
  return await secret(folder, `${name}.kubeconfig`, JSON.stringify(content));
}

const inside = async (file: string): Promise<string> => (await readFile(file)).toString("base64");
