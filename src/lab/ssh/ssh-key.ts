import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import { AssertionError, present } from "../../base/assert.ts";

/** A fresh Ed25519 key pair in the forms that OpenSSH and ssh2 read. */
export interface SshKey {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----`, without a passphrase. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA... comment`, a line of `authorized_keys`. */
  readonly publicKey: string;
  /** `SHA256:...`, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

/** Bytes of a whole public key: two lengths, `ssh-ed25519`, 32 bytes. */
const PUBLIC_KEY_LENGTH = 51;
/** Each draw fails once in 256. */
const MAXIMUM_DRAWS = 20;

/**
 * ssh2 1.17 strips leading zero bytes from the public key (lib/keygen.js), and neither it nor OpenSSH reads the one key
 * in 256 that has any. Such a key is drawn again.
 */
export function newSshKey(comment: string): SshKey {
  for (let draw = 0; draw < MAXIMUM_DRAWS; draw++) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment });
    const blob = Buffer.from(present(pair.public.split(" ")[1], "the key's second word"), "base64");
    if (blob.length !== PUBLIC_KEY_LENGTH) continue;
    const hash = createHash("sha256").update(blob).digest("base64");
    return {
      privateKey: pair.private,
      publicKey: pair.public,
      fingerprint: `SHA256:${hash.replace(/=+$/, "")}`,
    };
  }
  throw new AssertionError(`${MAXIMUM_DRAWS} Ed25519 keys in a row began with a zero`);
}
