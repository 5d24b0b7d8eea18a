import type { Chassis } from "./chassis.ts";
import { decrypt, encrypt, hmac, isSame } from "./cipher-suite.ts";
import { runCommand } from "./commands.ts";
import { encodeResponse, parseRequest } from "./ipmi-message.ts";
import type { SecuredPacket } from "./packet.ts";
import {
  encodeIpmi15,
  encodeOpen,
  encodePong,
  encodeSecured,
  parsePacket,
  PAYLOAD,
  splitSigned,
} from "./packet.ts";
import type { Doorway } from "./rakp.ts";
import { openSession } from "./rakp.ts";
import type { Active } from "./session-table.ts";

export interface Bmc extends Doorway {
  readonly chassis: Chassis;
}

/** What a BMC says to one datagram; null: nothing, as to all that makes no sense. */
export function answerDatagram(datagram: Buffer, bmc: Bmc): Buffer | null {
  const packet = parsePacket(datagram);
  switch (packet?.kind) {
    case undefined:
      return null;
    case "ping":
      return encodePong(packet.tag);
    case "ipmi15": {
      const reply = answerOutside(packet.payload, bmc);
      return reply === null ? null : encodeIpmi15(reply);
    }
    case "open":
      return answerOpening(packet.type, packet.payload, bmc);
    case "secured":
      return answerSecured(packet, bmc);
    default:
      packet satisfies never;
      return null;
  }
}

/** The few commands that clients may send before they have a session. */
function answerOutside(payload: Buffer, bmc: Bmc): Buffer | null {
  const request = parseRequest(payload);
  return request === null ? null : encodeResponse(request, runCommand(request, bmc.chassis, null));
}

function answerOpening(type: number, payload: Buffer, bmc: Bmc): Buffer | null {
  if (type === PAYLOAD.ipmi) {
    const reply = answerOutside(payload, bmc);
    return reply === null ? null : encodeOpen(PAYLOAD.ipmi, reply);
  }
  const reply = openSession(type, payload, bmc);
  return reply === null ? null : encodeOpen(reply.type, reply.bytes);
}

/** Checked in the order that reveals nothing: code, sequence, then contents. */
function answerSecured(packet: SecuredPacket, bmc: Bmc): Buffer | null {
  const session = bmc.sessions.active(packet.session);
  if (session === null || packet.type !== PAYLOAD.ipmi) return null;
  const parts = splitSigned(packet.datagram, session.suite.codeLength);
  if (parts === null || !isSame(parts.code, sign(session, parts.signed))) return null;
  if (!session.window.admit(packet.sequence)) return null;
  const plain = decrypt(session.keys.encryption, packet.payload);
  const request = plain === null ? null : parseRequest(plain);
  if (request === null) return null;
  bmc.sessions.keep(session);
  const reply = encodeResponse(request, runCommand(request, bmc.chassis, session));
  if (session.closed) bmc.sessions.forget(session.id);
  session.sent++;
  return encodeSecured(
    { session: session.consoleId, sequence: session.sent },
    encrypt(session.keys.encryption, reply),
    (bytes) => sign(session, bytes),
  );
}

const sign = (session: Active, bytes: Buffer): Buffer =>
  hmac(session.suite, session.keys.integrity, bytes).subarray(0, session.suite.codeLength);
