import { X509Certificate } from "node:crypto";
import { createCertificateIssuer } from "../../src/lab/certificates/issuer.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";

export interface TestTrust {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the server's certificate, with colons. */
  readonly fingerprint: string;
}

/** A CA of its own and a server certificate for 127.0.0.1 and one name. */
export async function makeTrust(name: string): Promise<TestTrust> {
  const issuer = createCertificateIssuer(new SystemClock());
  const authority = await issuer.createAuthority("test CA");
  const { key, certificate } = await authority.issueServer({
    commonName: name,
    dnsNames: [name],
    addresses: ["127.0.0.1"],
  });
  const { fingerprint256 } = new X509Certificate(certificate);
  return { ca: authority.pem, key, cert: certificate, fingerprint: fingerprint256 };
}
