import { createHmac, timingSafeEqual } from "node:crypto";

/** What IPMI 2.0 table 22-20 puts behind a cipher suite's number. Both encrypt with AES-CBC-128. */
export interface CipherSuite {
  readonly id: 3 | 17;
  /** RAKP-HMAC-SHA1 (1), RAKP-HMAC-SHA256 (3): table 13-17. */
  readonly authentication: number;
  /** HMAC-SHA1-96 (1), HMAC-SHA256-128 (4): table 13-18. */
  readonly integrity: number;
  /** AES-CBC-128: table 13-19. */
  readonly confidentiality: 1;
  readonly hash: "sha1" | "sha256";
  /** Length of a key exchange code in RAKP 2 and 3. */
  readonly digestBytes: number;
  /** Length of the integrity check value in RAKP 4 and in every packet of the session. */
  readonly checkBytes: number;
}

export const cipherSuites: Readonly<Record<3 | 17, CipherSuite>> = {
  3: {
    id: 3,
    authentication: 1,
    integrity: 1,
    confidentiality: 1,
    hash: "sha1",
    digestBytes: 20,
    checkBytes: 12,
  },
  17: {
    id: 17,
    authentication: 3,
    integrity: 4,
    confidentiality: 1,
    hash: "sha256",
    digestBytes: 32,
    checkBytes: 16,
  },
};

export const hmac = (suite: CipherSuite, key: Buffer, ...parts: readonly Buffer[]): Buffer =>
  createHmac(suite.hash, key).update(Buffer.concat(parts)).digest();

/** Equal, without telling by its duration where they differ. */
export const sameCode = (a: Buffer, b: Buffer): boolean =>
  a.length === b.length && timingSafeEqual(a, b);
