import { createCipheriv } from "node:crypto";

/** Bytes of a VNC challenge, and of the answer. */
export const CHALLENGE_BYTES = 16;
const KEY_BYTES = 8;

/**
 * The answer to a VNC challenge (RFC 6143, 7.2.2): DES with the password's first eight bytes as key, the bits of each
 * in reverse. OpenSSL 3 no longer offers single DES, but triple DES with three equal keys is the same.
 */
export function answerChallenge(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  Buffer.from(password, "latin1").copy(key, 0, 0, KEY_BYTES);
  for (const [index, byte] of key.entries()) key[index] = reversed(byte);
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reversed(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) result |= ((byte >> bit) & 1) << (7 - bit);
  return result;
}
