/** A command inside IPMI's LAN message (13.8). */
export interface IpmiRequest {
  readonly netFunction: number;
  readonly command: number;
  readonly data: Buffer;
  readonly sequence: number;
  readonly requester: number;
}

export interface IpmiResponse {
  readonly code: number;
  readonly data: Buffer;
}

const BMC_ADDRESS = 0x20;
const SHORTEST = 7;

/** Null for a response, a message to somebody else, or a wrong checksum. */
export function parseRequest(bytes: Buffer): IpmiRequest | null {
  if (bytes.length < SHORTEST || bytes[0] !== BMC_ADDRESS) return null;
  if (sum(bytes.subarray(0, 3)) !== 0 || sum(bytes.subarray(3)) !== 0) return null;
  const netFunction = bytes.readUInt8(1) >> 2;
  if (netFunction % 2 !== 0) return null;
  return {
    netFunction,
    command: bytes.readUInt8(5),
    data: bytes.subarray(6, -1),
    sequence: bytes.readUInt8(4),
    requester: bytes.readUInt8(3),
  };
}

export function encodeResponse(request: IpmiRequest, response: IpmiResponse): Buffer {
  const head = [request.requester, (request.netFunction + 1) << 2];
  const body = [BMC_ADDRESS, request.sequence, request.command, response.code, ...response.data];
  return Buffer.from([...head, checksum(head), ...body, checksum(body)]);
}

const sum = (bytes: Iterable<number>): number => {
  let total = 0;
  for (const byte of bytes) total += byte;
  return total & 0xff;
};

const checksum = (bytes: readonly number[]): number => -sum(bytes) & 0xff;
