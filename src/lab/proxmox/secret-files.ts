import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretRef } from "../../model/secret.ts";
import { newSshKey } from "../ssh/ssh-key.ts";
import type { Accounts } from "./accounts.ts";
import { LOW_TOKEN_ID, TOKEN_ID } from "./accounts.ts";

/** What one lab cluster keeps on disk for those who want to reach it. All of it is mode 0600, but for the CA. */
export interface ClusterSecrets {
  readonly folder: string;
  readonly caPath: string;
  readonly tokenSecret: SecretRef & { readonly kind: "file" };
  readonly lowTokenSecret: SecretRef & { readonly kind: "file" };
  readonly password: SecretRef & { readonly kind: "file" };
  readonly sshKey: SecretRef & { readonly kind: "file" };
  readonly bmcPassword: SecretRef & { readonly kind: "file" };
  /** `ssh-ed25519 AAAA...`. */
  readonly authorizedKey: string;
  readonly bmcPasswordText: string;
}

export async function writeSecrets(
  folder: string,
  authorityPem: string,
  accounts: Accounts,
): Promise<ClusterSecrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const client = newSshKey("blackout-lab");
  // An IPMI 2.0 password has at most 20 bytes.
  const bmcPasswordText = randomBytes(12).toString("base64url");
  const file = async (name: string, content: string, mode = 0o600): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode });
    return path;
  };
  const secret = async (
    name: string,
    content: string,
  ): Promise<SecretRef & { readonly kind: "file" }> => ({
    kind: "file",
    path: await file(name, content),
  });
  const tokenOf = (id: string): string =>
    accounts.tokens.find((token) => token.id === id)?.secret ?? "";
  return {
    folder,
    caPath: await file("ca.pem", authorityPem, 0o644),
    tokenSecret: await secret("api-token", tokenOf(TOKEN_ID)),
    lowTokenSecret: await secret("api-token-low", tokenOf(LOW_TOKEN_ID)),
    password: await secret("api-password", accounts.users[0]?.secret ?? ""),
    sshKey: await secret("ssh-key", client.privateKey),
    bmcPassword: await secret("bmc-password", bmcPasswordText),
    authorizedKey: client.publicKey,
    bmcPasswordText,
  };
}
