import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** A cipher suite of IPMI 2.0 (table 22-20) that this BMC speaks. All of them encrypt with AES-CBC-128. */
export interface CipherSuite {
  readonly id: number;
  /** Numbers of the algorithms on the wire (tables 13-17 to 13-19). */
  readonly authentication: number;
  readonly integrity: number;
  readonly confidentiality: number;
  readonly hash: "sha1" | "sha256";
  /** Bytes of the HMAC that a packet carries. */
  readonly codeLength: number;
}

export const cipherSuites: readonly CipherSuite[] = [
  { id: 3, authentication: 1, integrity: 1, confidentiality: 1, hash: "sha1", codeLength: 12 },
  { id: 17, authentication: 3, integrity: 4, confidentiality: 1, hash: "sha256", codeLength: 16 },
];

/** Get Channel Cipher Suites, table 22-18: a start byte, the suite, and its algorithms with their kind in the upper bits. */
export const cipherSuiteRecords = (): Buffer =>
  Buffer.from(
    cipherSuites.flatMap((suite) => [
      0xc0,
      suite.id,
      suite.authentication,
      0x40 | suite.integrity,
      0x80 | suite.confidentiality,
    ]),
  );

export const hmac = (suite: CipherSuite, key: Buffer, ...parts: readonly Buffer[]): Buffer =>
  createHmac(suite.hash, key).update(Buffer.concat(parts)).digest();

/** In constant time; false for different lengths. */
export const isSame = (a: Buffer, b: Buffer): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

const BLOCK = 16;
const CONSTANT_LENGTH = 20;

/** What a session is secured with, derived from its session integrity key (13.32). */
export interface SessionKeys {
  readonly integrity: Buffer;
  readonly encryption: Buffer;
}

export const deriveKeys = (suite: CipherSuite, sessionIntegrityKey: Buffer): SessionKeys => ({
  integrity: hmac(suite, sessionIntegrityKey, Buffer.alloc(CONSTANT_LENGTH, 1)),
  encryption: hmac(suite, sessionIntegrityKey, Buffer.alloc(CONSTANT_LENGTH, 2)).subarray(0, BLOCK),
});

/** AES-CBC-128 as 13.29 pads it: 1, 2, 3, ..., and how many. */
export function encrypt(key: Buffer, plain: Buffer): Buffer {
  const padding = (BLOCK - ((plain.length + 1) % BLOCK)) % BLOCK;
  const trailer = Buffer.from([
    ...Array.from({ length: padding }, (_, index) => index + 1),
    padding,
  ]);
  const vector = randomBytes(BLOCK);
  const cipher = createCipheriv("aes-128-cbc", key, vector).setAutoPadding(false);
  return Buffer.concat([vector, cipher.update(Buffer.concat([plain, trailer])), cipher.final()]);
}

/** Null for what cannot have been encrypted like this. */
export function decrypt(key: Buffer, bytes: Buffer): Buffer | null {
  if (bytes.length < 2 * BLOCK || bytes.length % BLOCK !== 0) return null;
  const decipher = createDecipheriv("aes-128-cbc", key, bytes.subarray(0, BLOCK));
  decipher.setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()]);
  const padding = plain.at(-1) ?? 0;
  return padding >= BLOCK ? null : plain.subarray(0, plain.length - 1 - padding);
}
