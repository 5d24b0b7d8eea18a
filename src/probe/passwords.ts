import type { Secrets } from "../contracts/secrets.ts";
import type { SecretRef } from "../model/secret.ts";

/** VNC passwords, resolved when first needed and then kept in memory, since an attempt has no time for a file. */
export class Passwords {
  readonly #secrets: Secrets;
  readonly #known = new Map<string, string>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  async resolve(reference: SecretRef | null): Promise<string | null> {
    if (reference === null) return null;
    const key = JSON.stringify(reference);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const password = await this.#secrets.resolve(reference);
    this.#known.set(key, password);
    return password;
  }
}
