import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { OperatingError } from "../../base/errors.ts";
import type { TlsTrust } from "../../model/inventory.ts";

/** What makes a server the right one, read from where the inventory says. Fingerprints are as node writes them: `AA:BB:...`. */
export type Trust =
  | { readonly kind: "ca"; readonly pem: string; readonly fingerprint: string }
  /** SHA-256 of the server's own certificate. */
  | { readonly kind: "fingerprint"; readonly fingerprint: string }
  | { readonly kind: "insecure" };

/**
 * Reads the CA file, or normalises the pin. Rejects with a `configuration` error that names the file and `caSource`,
 * which is where clusters of that kind keep their CA.
 */
export async function loadTrust(tls: TlsTrust, caSource: string): Promise<Trust> {
  switch (tls.kind) {
    case "ca":
      return await loadCa(tls.path, caSource);
    case "fingerprint":
      return { kind: "fingerprint", fingerprint: normalise(tls.sha256) };
    case "insecure":
      return { kind: "insecure" };
  }
}

async function loadCa(path: string, caSource: string): Promise<Trust> {
  try {
    const pem = await readFile(path, "utf8");
    return { kind: "ca", pem, fingerprint: new X509Certificate(pem).fingerprint256 };
  } catch (cause) {
    throw new OperatingError(
      "configuration",
      `Cannot read the CA as ${path} is missing or no PEM certificate. Copy ${caSource} there`,
      { facts: { path }, cause },
    );
  }
}

/** `aabb...`, `AA:BB:...` and `sha256:AA:BB...` are one fingerprint. */
function normalise(fingerprint: string): string {
  const hex = fingerprint.replace(/^sha-?256[:=]?/iu, "").replaceAll(/[^0-9a-f]/giu, "");
  if (hex.length !== 64) {
    throw new OperatingError(
      "configuration",
      `Cannot pin the certificate as its fingerprint is no SHA-256 (64 hexadecimal digits): it is ${fingerprint}`,
    );
  }
  return (hex.toUpperCase().match(/../gu) ?? []).join(":");
}
