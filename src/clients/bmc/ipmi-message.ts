/** IPMI messages as they travel over LAN (IPMI 2.0 figure 13-4): two checksums around addresses, sequence and data. */

const BMC_ADDRESS = 0x20;
/** Software id of a remote console. */
const CONSOLE_ADDRESS = 0x81;
/** Addresses, function, sequence, command, completion code and two checksums. */
const SHORTEST_REPLY = 8;

export interface IpmiRequest {
  readonly networkFunction: number;
  readonly command: number;
  readonly data: readonly number[];
  /** 0..63. A repeated request keeps it, by which a BMC knows that it has acted already (IPMI 2.0 section 5.7.3). */
  readonly sequence: number;
}

export interface IpmiReply {
  readonly completionCode: number;
  readonly data: Buffer;
}

export function encodeRequest(request: IpmiRequest): Buffer {
  const head = [BMC_ADDRESS, request.networkFunction << 2];
  const body = [CONSOLE_ADDRESS, request.sequence << 2, request.command, ...request.data];
  return Buffer.from([...head, checksum(head), ...body, checksum(body)]);
}

/** The reply to `request`, or null when the message is anything else. */
export function decodeReply(message: Buffer, request: IpmiRequest): IpmiReply | null {
  if (message.length < SHORTEST_REPLY) return null;
  if (checksum(message.subarray(0, 2)) !== message[2]) return null;
  if (checksum(message.subarray(3, -1)) !== message.at(-1)) return null;
  // The reply's function is the request's plus one; its low two bits are the responder's unit.
  if (message.readUInt8(1) >> 2 !== request.networkFunction + 1) return null;
  if (message.readUInt8(4) >> 2 !== request.sequence || message[5] !== request.command) return null;
  return { completionCode: message.readUInt8(6), data: message.subarray(7, -1) };
}

/** Two's complement: all bytes and the checksum add up to zero. */
function checksum(bytes: Iterable<number>): number {
  let total = 0;
  for (const byte of bytes) total += byte;
  return -total & 0xff;
}
