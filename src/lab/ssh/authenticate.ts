import type { AuthContext, ParsedKey } from "ssh2";
import ssh2 from "ssh2";
import { assert } from "../../base/assert.ts";

/** Root by the one authorised key, and nobody else by anything else. */
export function authenticator(authorizedKey: string): (context: AuthContext) => void {
  const key = parsedKey(authorizedKey);
  return (context) => {
    if (context.username === "root" && context.method === "publickey") {
      const { blob, signature, hashAlgo } = context;
      const known =
        context.key.algo.includes(key.type) && context.key.data.equals(key.getPublicSSH());
      // Without a signature the client only asks whether this key would do.
      const proven =
        blob === undefined || signature === undefined || isSignedBy(key, blob, signature, hashAlgo);
      if (known && proven) {
        context.accept();
        return;
      }
    }
    context.reject(["publickey"]);
  };
}

function parsedKey(text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  assert(!(parsed instanceof Error), "the lab's authorised key is not a key");
  return parsed;
}

/** ssh2 returns an Error, which is truthy, where its types promise a boolean. */
function isSignedBy(key: ParsedKey, blob: Buffer, signature: Buffer, hash?: string): boolean {
  const verdict: unknown = key.verify(blob, signature, hash);
  return verdict === true;
}
