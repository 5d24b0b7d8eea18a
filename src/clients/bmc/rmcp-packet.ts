import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { CipherSuite } from "./cipher-suite.ts";
import { hmac, sameCode } from "./cipher-suite.ts";

/** Datagrams of RMCP+ (IPMI 2.0 table 13-8): those that set a session up, and those inside one. */

export const payloadTypes = {
  ipmi: 0x00,
  openRequest: 0x10,
  openResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

/** RMCP version 1.0, no acknowledgement, class IPMI. */
const RMCP_HEADER = Buffer.from([0x06, 0x00, 0xff, 0x07]);
const RMCP_PLUS = 0x06;
const ENCRYPTED_AND_AUTHENTICATED = 0xc0;
const SETUP_HEADER_BYTES = 16;
const AES_BLOCK = 16;
/** "Next header" of the session trailer, always 7 for RMCP+. */
const NEXT_HEADER = 0x07;

/** Keys and ids of an open session. */
export interface SessionKeys {
  readonly suite: CipherSuite;
  /** Ids are chosen by the side that receives them. */
  readonly consoleId: Buffer;
  readonly bmcId: Buffer;
  /** K1: signs. */
  readonly integrity: Buffer;
  /** K2: encrypts. */
  readonly confidentiality: Buffer;
}

export function encodeSetup(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(SETUP_HEADER_BYTES);
  RMCP_HEADER.copy(head);
  head[4] = RMCP_PLUS;
  head[5] = type;
  head.writeUInt16LE(payload.length, 14);
  return Buffer.concat([head, payload]);
}

/** The payload of a setup packet of that type; null for anything else. */
export function decodeSetup(datagram: Buffer, type: number): Buffer | null {
  if (datagram.length < SETUP_HEADER_BYTES || !hasRmcpHeader(datagram)) return null;
  if (datagram[5] !== type) return null;
  const end = SETUP_HEADER_BYTES + datagram.readUInt16LE(14);
  return datagram.length < end ? null : datagram.subarray(SETUP_HEADER_BYTES, end);
}

export function encodeInSession(keys: SessionKeys, sequence: number, message: Buffer): Buffer {
  const payload = encrypt(keys.confidentiality, message);
  const head = Buffer.alloc(12);
  head[0] = RMCP_PLUS;
  head[1] = ENCRYPTED_AND_AUTHENTICATED | payloadTypes.ipmi;
  keys.bmcId.copy(head, 2);
  head.writeUInt32LE(sequence, 6);
  head.writeUInt16LE(payload.length, 10);
  // What is signed is filled up to a multiple of four, the two bytes behind the filling included.
  const filling = (4 - ((head.length + payload.length + 2) % 4)) % 4;
  const trailer = Buffer.from([...Buffer.alloc(filling, 0xff), filling, NEXT_HEADER]);
  const signed = Buffer.concat([head, payload, trailer]);
  return Buffer.concat([RMCP_HEADER, signed, checkValue(keys, signed)]);
}

export interface InSession {
  readonly sequence: number;
  readonly message: Buffer;
}

/** What is inside a datagram of this session; null when it is not of it, forged, damaged or cut. */
export function decodeInSession(keys: SessionKeys, datagram: Buffer): InSession | null {
  const { checkBytes } = keys.suite;
  if (datagram.length < SETUP_HEADER_BYTES + 2 + checkBytes || !hasRmcpHeader(datagram)) {
    return null;
  }
  if (
    datagram[5] !== ENCRYPTED_AND_AUTHENTICATED ||
    !keys.consoleId.equals(datagram.subarray(6, 10))
  )
    return null;
  const signed = datagram.subarray(4, -checkBytes);
  if (!sameCode(checkValue(keys, signed), datagram.subarray(-checkBytes))) return null;
  const end = SETUP_HEADER_BYTES + datagram.readUInt16LE(14);
  if (end > datagram.length - checkBytes - 2) return null;
  const message = decrypt(keys.confidentiality, datagram.subarray(SETUP_HEADER_BYTES, end));
  return message === null ? null : { sequence: datagram.readUInt32LE(10), message };
}

const hasRmcpHeader = (datagram: Buffer): boolean =>
  datagram[0] === RMCP_HEADER[0] && datagram[3] === RMCP_HEADER[3] && datagram[4] === RMCP_PLUS;

const checkValue = (keys: SessionKeys, signed: Buffer): Buffer =>
  hmac(keys.suite, keys.integrity, signed).subarray(0, keys.suite.checkBytes);

/** AES-CBC-128: a fresh vector, then the message, filled up with 1, 2, 3, ... and their count (table 13-20). */
function encrypt(key: Buffer, message: Buffer): Buffer {
  const vector = randomBytes(AES_BLOCK);
  const filling = (AES_BLOCK - ((message.length + 1) % AES_BLOCK)) % AES_BLOCK;
  const counted = Buffer.from([...Array.from({ length: filling }, (_, at) => at + 1), filling]);
  const cipher = createCipheriv("aes-128-cbc", key, vector).setAutoPadding(false);
  return Buffer.concat([vector, cipher.update(message), cipher.update(counted), cipher.final()]);
}

function decrypt(key: Buffer, payload: Buffer): Buffer | null {
  if (payload.length < 2 * AES_BLOCK || payload.length % AES_BLOCK !== 0) return null;
  const vector = payload.subarray(0, AES_BLOCK);
  const decipher = createDecipheriv("aes-128-cbc", key, vector).setAutoPadding(false);
  const filled = Buffer.concat([decipher.update(payload.subarray(AES_BLOCK)), decipher.final()]);
  const length = filled.length - 1 - filled.readUInt8(filled.length - 1);
  return length < 0 ? null : filled.subarray(0, length);
}
