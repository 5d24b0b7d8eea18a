import { createHash } from "node:crypto";
import { OperatingError } from "../../base/errors.ts";
import type { SshAccess } from "../../model/inventory.ts";

/** As `ssh-keygen -lf` prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/u, "")}`;

/** Null when the server's key is the pinned one; otherwise the error that says how to fix it. */
export function judgeHostKey(access: SshAccess, key: Buffer): OperatingError | null {
  const shown = fingerprintOf(key);
  if (access.host_key === "insecure" || access.host_key === shown) return null;
  return new OperatingError(
    "untrusted",
    `Cannot trust ${access.host}:${access.port} as its host key is not the pinned one: its fingerprint is ${shown} (${keyType(key)}), the inventory says ${access.host_key}. If the new key is right ("ssh-keyscan -p ${access.port} ${access.host} | ssh-keygen -lf -" lists all of the host's), put its fingerprint into host_key`,
    { facts: { shown, pinned: access.host_key } },
  );
}

/** The key's own name of its type: a length and as many letters, at the start of the blob. */
function keyType(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const name = key.subarray(4, 4 + length).toString("latin1");
  return /^[a-z0-9@.-]{1,64}$/u.test(name) ? name : "unknown type";
}
