import { createCipheriv, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes of a challenge and of its response (RFC 6143 7.2.2). */
export const CHALLENGE_LENGTH = 16;
/** VNC looks at the first eight characters only. */
const KEY_LENGTH = 8;

export const newChallenge = (): Buffer => randomBytes(CHALLENGE_LENGTH);

/** True when `response` is the challenge encrypted with the password. */
export const answers = (response: Buffer, challenge: Buffer, password: string): boolean =>
  timingSafeEqual(response, encrypted(challenge, password));

/**
 * DES in ECB mode with the bits of each key byte turned round. OpenSSL 3 has single DES in its legacy part only, but
 * triple DES with three equal keys is the same.
 */
function encrypted(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(KEY_LENGTH);
  key.write(password, "latin1");
  const turned = key.map(reversedBits);
  const cipher = createCipheriv("des-ede3", Buffer.concat([turned, turned, turned]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reversedBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) reversed |= 0x80 >> bit;
  return reversed;
}
