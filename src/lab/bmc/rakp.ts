import { randomBytes } from "node:crypto";
import type { Account } from "./accounts.ts";
import { PRIVILEGE } from "./accounts.ts";
import { cipherSuites, deriveKeys, hmac, isSame } from "./cipher-suite.ts";
import type { CipherSuite } from "./cipher-suite.ts";
import { PAYLOAD } from "./packet.ts";
import type { Active, Greeting, Opening, SessionTable } from "./session-table.ts";
import { SequenceWindow } from "./session-table.ts";

/** RMCP+ and RAKP status codes (table 13-15). */
const STATUS = {
  ok: 0x00,
  noSession: 0x02,
  badAuthentication: 0x04,
  badIntegrity: 0x05,
  inactiveSession: 0x08,
  badRole: 0x09,
  roleNotAllowed: 0x0a,
  badNameLength: 0x0c,
  unknownName: 0x0d,
  badCheckValue: 0x0f,
  badConfidentiality: 0x10,
  noSuite: 0x11,
  badParameter: 0x12,
} as const;

/** How a session is opened: Open Session, then RAKP 1 to 4 (13.17 - 13.24). */
export interface Doorway {
  readonly sessions: SessionTable;
  readonly accounts: readonly Account[];
  readonly guid: Buffer;
}

export interface Payload {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Null where nothing is to be answered. */
export function openSession(type: number, payload: Buffer, doorway: Doorway): Payload | null {
  switch (type) {
    case PAYLOAD.openRequest:
      return payload.length < 32 ? null : openRequest(payload, doorway);
    case PAYLOAD.rakp1:
      return payload.length < 28 ? null : rakp1(payload, doorway);
    case PAYLOAD.rakp3:
      return payload.length < 8 ? null : rakp3(payload, doorway);
    default:
      return null;
  }
}

function openRequest(payload: Buffer, { sessions }: Doorway): Payload {
  const consoleId = payload.readUInt32LE(4);
  const proposal = { tag: payload.readUInt8(0), consoleId, type: PAYLOAD.openResponse };
  const suite = chooseSuite(payload);
  if (typeof suite === "number") return refusal(proposal, suite);
  const opening: Opening = {
    kind: "opening",
    id: sessions.newId(),
    consoleId,
    suite,
    greeting: null,
  };
  sessions.keep(opening);
  const algorithms = Buffer.alloc(24);
  for (const [kind, number] of [
    suite.authentication,
    suite.integrity,
    suite.confidentiality,
  ].entries()) {
    algorithms.set([kind, 0, 0, 8, number], 8 * kind);
  }
  return {
    type: PAYLOAD.openResponse,
    bytes: Buffer.concat([
      Buffer.from([proposal.tag, STATUS.ok, PRIVILEGE.administrator, 0]),
      uint32(consoleId),
      uint32(opening.id),
      algorithms,
    ]),
  };
}

/** The proposed suite, or the status that says what is wrong with it. Length 0 leaves the choice to the BMC. */
function chooseSuite(payload: Buffer): CipherSuite | number {
  const proposed = [0, 1, 2].map((kind) => algorithmIn(payload.subarray(8 + 8 * kind), kind));
  if (proposed.includes("malformed")) return STATUS.badParameter;
  const keys = ["authentication", "integrity", "confidentiality"] as const;
  const problems = [STATUS.badAuthentication, STATUS.badIntegrity, STATUS.badConfidentiality];
  for (const [kind, name] of keys.entries()) {
    const number = proposed[kind];
    const known = number === "any" || cipherSuites.some((suite) => suite[name] === number);
    if (!known) return problems[kind] ?? STATUS.noSuite;
  }
  const fits = (suite: CipherSuite): boolean =>
    keys.every((name, kind) => proposed[kind] === "any" || proposed[kind] === suite[name]);
  return cipherSuites.findLast(fits) ?? STATUS.noSuite;
}

function algorithmIn(bytes: Buffer, kind: number): number | "any" | "malformed" {
  if (bytes[0] !== kind) return "malformed";
  if (bytes[3] === 0) return "any";
  return bytes[3] === 8 ? bytes.readUInt8(4) & 0x3f : "malformed";
}

function rakp1(payload: Buffer, { sessions, accounts, guid }: Doorway): Payload {
  const tag = payload.readUInt8(0);
  const opening = sessions.opening(payload.readUInt32LE(4));
  if (opening === null) {
    return refusal({ tag, consoleId: 0, type: PAYLOAD.rakp2 }, STATUS.noSession);
  }
  const { consoleId, suite } = opening;
  const greeting = greetingIn(payload, accounts);
  if (typeof greeting === "number") {
    sessions.forget(opening.id);
    return refusal({ tag, consoleId, type: PAYLOAD.rakp2 }, greeting);
  }
  opening.greeting = greeting;
  const { account, consoleRandom, ownRandom, role } = greeting;
  const ids = Buffer.concat([uint32(consoleId), uint32(opening.id)]);
  return {
    type: PAYLOAD.rakp2,
    bytes: Buffer.concat([
      Buffer.from([tag, STATUS.ok, 0, 0]),
      uint32(consoleId),
      ownRandom,
      guid,
      hmac(suite, account.key, ids, consoleRandom, ownRandom, guid, role),
    ]),
  };
}

/** Who wants in, with which role; or the status that refuses him. */
function greetingIn(payload: Buffer, accounts: readonly Account[]): Greeting | number {
  const role = payload.readUInt8(24);
  const length = payload.readUInt8(27);
  const name = payload.subarray(28, 28 + length);
  if (length > 16 || name.length !== length) return STATUS.badNameLength;
  const account = accounts.find((each) => isSame(each.name, name));
  if (account === undefined) return STATUS.unknownName;
  const wanted = role & 0x0f;
  if (wanted === 1 || wanted > PRIVILEGE.administrator) return STATUS.badRole;
  if (wanted > account.privilege) return STATUS.roleNotAllowed;
  return {
    account,
    consoleRandom: Buffer.from(payload.subarray(8, 24)),
    ownRandom: randomBytes(16),
    role: Buffer.from([role, length, ...name]),
    limit: wanted === 0 ? account.privilege : wanted,
  };
}

function rakp3(payload: Buffer, { sessions, guid }: Doorway): Payload | null {
  const tag = payload.readUInt8(0);
  const id = payload.readUInt32LE(4);
  const opening = sessions.opening(id);
  const known = { tag, consoleId: opening?.consoleId ?? 0, type: PAYLOAD.rakp4 };
  if (opening?.greeting === null || opening === null) {
    return refusal(known, STATUS.inactiveSession);
  }
  sessions.forget(id);
  // The client did not like RAKP 2 (a wrong password, most often), and asks for no answer.
  if (payload.readUInt8(1) !== STATUS.ok) return null;
  const { suite, consoleId, greeting } = opening;
  const { account, consoleRandom, ownRandom, role } = greeting;
  const expected = hmac(suite, account.key, ownRandom, uint32(consoleId), role);
  if (!isSame(expected, payload.subarray(8))) return refusal(known, STATUS.badCheckValue);
  const sessionKey = hmac(suite, account.key, consoleRandom, ownRandom, role);
  sessions.keep(activated(opening, greeting, sessionKey));
  const checkValue = hmac(suite, sessionKey, consoleRandom, uint32(id), guid);
  return {
    type: PAYLOAD.rakp4,
    bytes: Buffer.concat([
      Buffer.from([tag, STATUS.ok, 0, 0]),
      uint32(consoleId),
      checkValue.subarray(0, suite.codeLength),
    ]),
  };
}

const activated = (opening: Opening, greeting: Greeting, sessionKey: Buffer): Active => ({
  kind: "active",
  id: opening.id,
  consoleId: opening.consoleId,
  suite: opening.suite,
  keys: deriveKeys(opening.suite, sessionKey),
  window: new SequenceWindow(),
  account: greeting.account,
  limit: greeting.limit,
  privilege: PRIVILEGE.user,
  closed: false,
  sent: 0,
});

const refusal = (
  to: { readonly tag: number; readonly consoleId: number; readonly type: number },
  status: number,
): Payload => ({
  type: to.type,
  bytes: Buffer.concat([Buffer.from([to.tag, status, 0, 0]), uint32(to.consoleId)]),
});

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
