import type { SecretRef } from "../model/secret.ts";

/** Resolves references late. Rejects with a `configuration` OperatingError that names the reference, never the value. */
export interface Secrets {
  resolve(reference: SecretRef): Promise<string>;
}
