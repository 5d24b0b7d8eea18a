/**
 * FNV-1a of 128 bits over the text's UTF-8, as 32 hexadecimal digits: for ids that must be the same whenever they are made
 * of the same text. Not for secrets. Source: Fowler, Noll, Vo, Eastlake, "The FNV Non-Cryptographic Hash Algorithm".
 */
export function hash128(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * PRIME);
  }
  return hash.toString(16).padStart(32, "0");
}

const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 2n ** 88n + 0x13bn;
