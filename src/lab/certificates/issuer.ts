// oxlint-disable-next-line import/no-unassigned-import -- it must run before @peculiar/x509 is loaded
import "./reflect-metadata.ts";
import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Clock } from "../../contracts/clock.ts";
import type { CertificateAuthority, CertificateIssuer } from "../lab-cluster.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** From a year ago on, since a lab's wall clock is not its visitors'; ten years in all. */
const VALID_YEARS = { before: 1, after: 9 } as const;

type KeyPair = webcrypto.CryptoKeyPair;

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly keys: KeyPair;
}

/** Makes certificate authorities that Node, OpenSSL and Go accept: ECDSA P-256, with all extensions that they look for. */
export function createCertificateIssuer(clock: Clock): CertificateIssuer {
  return {
    createAuthority: async (commonName: string): Promise<CertificateAuthority> => {
      const signer = await createSigner(commonName, clock);
      return {
        pem: `${signer.certificate.toString("pem")}\n`,
        issueServer: async (subject) =>
          await issue(signer, clock, {
            name: [{ CN: [subject.commonName] }],
            usages: [x509.ExtendedKeyUsage.serverAuth],
            alternativeNames: [
              ...subject.dnsNames.map((value) => ({ type: "dns", value }) as const),
              ...subject.addresses.map((value) => ({ type: "ip", value }) as const),
            ],
          }),
        issueClient: async (subject) =>
          await issue(signer, clock, {
            name: [{ O: [subject.organisation] }, { CN: [subject.commonName] }],
            usages: [x509.ExtendedKeyUsage.clientAuth],
            alternativeNames: [],
          }),
      };
    },
  };
}

async function createSigner(commonName: string, clock: Clock): Promise<Signer> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity(clock),
      serialNumber: serialNumber(),
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate, keys };
}

async function issue(
  signer: Signer,
  clock: Clock,
  subject: {
    readonly name: x509.JsonName;
    readonly usages: readonly x509.ExtendedKeyUsage[];
    readonly alternativeNames: readonly { readonly type: "dns" | "ip"; readonly value: string }[];
  },
): Promise<{ key: string; certificate: string }> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...validity(clock),
      serialNumber: serialNumber(),
      subject: subject.name,
      issuer: signer.certificate.subjectName,
      publicKey: keys.publicKey,
      signingKey: signer.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([...subject.usages]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey, false, webcrypto),
        ...(subject.alternativeNames.length === 0
          ? []
          : [new x509.SubjectAlternativeNameExtension([...subject.alternativeNames])]),
      ],
    },
    webcrypto,
  );
  return {
    key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `${certificate.toString("pem")}\n`,
  };
}

const createKeys = async (): Promise<KeyPair> =>
  await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

const validity = (clock: Clock): { notBefore: Date; notAfter: Date } => ({
  notBefore: clock.wall().minus({ years: VALID_YEARS.before }).toJSDate(),
  notAfter: clock.wall().plus({ years: VALID_YEARS.after }).toJSDate(),
});

/** Positive and not zero, as RFC 5280 4.1.2.2 wants it. */
const serialNumber = (): string => `4${randomBytes(15).toString("hex").slice(1)}`;
