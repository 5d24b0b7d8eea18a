/** RMCP (13.1.3): version 6, no acknowledge, class. */
const RMCP_VERSION = 6;
const CLASS = { asf: 6, ipmi: 7 } as const;
const RMCP_HEADER = Buffer.from([RMCP_VERSION, 0, 0xff, CLASS.ipmi]);

const FORMAT = { ipmi15: 0, rmcpPlus: 6 } as const;
const NEXT_HEADER = 7;

export const PAYLOAD = {
  ipmi: 0x00,
  openRequest: 0x10,
  openResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

/** A datagram as far as it can be read without keys. */
export type Packet =
  | { readonly kind: "ping"; readonly tag: number }
  /** IPMI 1.5 outside a session, in which clients ask what this BMC can. */
  | { readonly kind: "ipmi15"; readonly payload: Buffer }
  /** RMCP+ outside a session. */
  | { readonly kind: "open"; readonly type: number; readonly payload: Buffer }
  /** RMCP+ within one; `signed` is what the integrity code covers, `rest` what follows the payload. */
  | SecuredPacket;

export interface SecuredPacket {
  readonly kind: "secured";
  readonly type: number;
  readonly session: number;
  readonly sequence: number;
  readonly payload: Buffer;
  readonly datagram: Buffer;
}

/** Null for everything that this BMC does not answer. */
export function parsePacket(datagram: Buffer): Packet | null {
  if (datagram.length < 12 || datagram[0] !== RMCP_VERSION) return null;
  if (datagram[3] === CLASS.asf) return parseAsf(datagram);
  if (datagram[3] !== CLASS.ipmi) return null;
  if (datagram[4] === FORMAT.ipmi15) return parseIpmi15(datagram);
  return datagram[4] === FORMAT.rmcpPlus ? parseRmcpPlus(datagram) : null;
}

/** ASF presence ping (13.2.3). */
function parseAsf(datagram: Buffer): Packet | null {
  const isPing = datagram.readUInt32BE(4) === ASF_IANA && datagram[8] === 0x80;
  return isPing ? { kind: "ping", tag: datagram.readUInt8(9) } : null;
}

/** Table 13-8 with authentication type "none". */
function parseIpmi15(datagram: Buffer): Packet | null {
  if (datagram.length < 14 || datagram.readUInt32LE(9) !== 0) return null;
  const payload = datagram.subarray(14, 14 + datagram.readUInt8(13));
  return payload.length === datagram[13] ? { kind: "ipmi15", payload } : null;
}

/** Table 13-8, RMCP+. Within a session only what is both encrypted and authenticated counts. */
function parseRmcpPlus(datagram: Buffer): Packet | null {
  if (datagram.length < 16) return null;
  const flags = datagram.readUInt8(5);
  const type = flags & 0x3f;
  const session = datagram.readUInt32LE(6);
  const length = datagram.readUInt16LE(14);
  const payload = datagram.subarray(16, 16 + length);
  if (payload.length !== length) return null;
  if (session === 0) return (flags & 0xc0) === 0 ? { kind: "open", type, payload } : null;
  const sequence = datagram.readUInt32LE(10);
  return (flags & 0xc0) === 0xc0
    ? { kind: "secured", type, session, sequence, payload, datagram }
    : null;
}

const ASF_IANA = 4542;

export function encodePong(tag: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.set([RMCP_VERSION, 0, 0xff, CLASS.asf]);
  bytes.writeUInt32BE(ASF_IANA, 4);
  bytes.set([0x40, tag, 0, 16], 8);
  bytes.writeUInt32BE(ASF_IANA, 12);
  // IPMI supported, ASF version 1.0.
  bytes.writeUInt8(0x81, 20);
  return bytes;
}

export const encodeIpmi15 = (payload: Buffer): Buffer =>
  Buffer.concat([
    RMCP_HEADER,
    Buffer.from([FORMAT.ipmi15, 0, 0, 0, 0, 0, 0, 0, 0, payload.length]),
    payload,
  ]);

export const encodeOpen = (type: number, payload: Buffer): Buffer =>
  Buffer.concat([RMCP_HEADER, rmcpPlusHeader(type, { session: 0, sequence: 0 }, payload), payload]);

/** A packet of a session: `sign` makes the integrity code over everything from the format byte on (13.28.4). */
export function encodeSecured(
  address: { readonly session: number; readonly sequence: number },
  payload: Buffer,
  sign: (bytes: Buffer) => Buffer,
): Buffer {
  const header = rmcpPlusHeader(PAYLOAD.ipmi | 0xc0, address, payload);
  const padding = (4 - ((header.length + payload.length + 2) % 4)) % 4;
  const trailer = Buffer.from([
    ...Array.from({ length: padding }, () => 0xff),
    padding,
    NEXT_HEADER,
  ]);
  const signed = Buffer.concat([header, payload, trailer]);
  return Buffer.concat([RMCP_HEADER, signed, sign(signed)]);
}

function rmcpPlusHeader(
  flags: number,
  address: { readonly session: number; readonly sequence: number },
  payload: Buffer,
): Buffer {
  const header = Buffer.alloc(12);
  header.set([FORMAT.rmcpPlus, flags]);
  header.writeUInt32LE(address.session, 2);
  header.writeUInt32LE(address.sequence, 6);
  header.writeUInt16LE(payload.length, 10);
  return header;
}

/** The part that an integrity code of `codeLength` bytes covers, and the code; null when they cannot be there. */
export function splitSigned(
  datagram: Buffer,
  codeLength: number,
): { readonly signed: Buffer; readonly code: Buffer } | null {
  const end = datagram.length - codeLength;
  if (end < 18 || datagram[end - 1] !== NEXT_HEADER) return null;
  return { signed: datagram.subarray(RMCP_HEADER.length, end), code: datagram.subarray(end) };
}
