/** Numbers of encodings (RFC 6143, 7.7 and 7.8, and the community's list that it refers to). */
export const RAW = 0;
export const DESKTOP_SIZE = -223;
export const LAST_RECTANGLE = -224;
export const POINTER_POSITION = -232;
export const CURSOR = -239;
export const X_CURSOR = -240;
export const DESKTOP_NAME = -307;
export const EXTENDED_DESKTOP_SIZE = -308;

/**
 * What is announced. Raw is the one encoding, since its pixels can be judged as they come. Cursor is not asked for: it
 * would cost bytes, and TigerVNC 1.12 draws the pointer into the picture all the same until the client has moved it.
 */
export const ANNOUNCED: readonly number[] = [RAW, DESKTOP_SIZE, LAST_RECTANGLE];

const NAMES: Readonly<Record<number, string>> = {
  1: "CopyRect",
  2: "RRE",
  4: "CoRRE",
  5: "Hextile",
  6: "zlib",
  7: "Tight",
  8: "zlibhex",
  15: "TRLE",
  16: "ZRLE",
  21: "JPEG",
  50: "H.264",
};

/** An encoding's number, with its name where it has one. */
export function describeEncoding(encoding: number): string {
  const name = NAMES[encoding];
  return name === undefined ? `${encoding}` : `${encoding} (${name})`;
}
