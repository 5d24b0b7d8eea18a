import { randomBytes } from "node:crypto";
import { OperatingError } from "../../base/errors.ts";
import type { CipherSuite } from "./cipher-suite.ts";
import { hmac, sameCode } from "./cipher-suite.ts";
import type { SessionKeys } from "./rmcp-packet.ts";
import { rakpRefusal } from "./status-codes.ts";

/**
 * The key exchange of RMCP+ (IPMI 2.0 sections 13.15 to 13.32) as pure messages: open session, then RAKP 1 to 4.
 * Both sides prove that they know the password without sending it.
 */

/** Longest user name and password that IPMI 2.0 knows, in bytes. */
export const LONGEST_USER = 16;
export const LONGEST_PASSWORD = 20;
/** Privilege level "operator": chassis control needs it, and no more. */
const OPERATOR = 0x03;
/** The user is looked up by name alone, not by name and privilege (table 13-11). */
const NAME_ONLY = 0x10;
const ROLE = NAME_ONLY | OPERATOR;
/** Length of the constants from which K1 and K2 are made (section 13.32), whatever the hash. */
const KEY_CONSTANT_BYTES = 20;
const AES_KEY_BYTES = 16;
const STATUS_AT = 1;

/** What this side contributes: chosen afresh for each session. */
export interface Exchange {
  readonly suite: CipherSuite;
  readonly user: Buffer;
  /** K[UID]: the password, filled up with zeros. */
  readonly passwordKey: Buffer;
  readonly consoleId: Buffer;
  readonly consoleRandom: Buffer;
}

/** What the BMC contributed by its answers. */
export interface BmcPart {
  readonly bmcId: Buffer;
  readonly bmcRandom: Buffer;
  readonly bmcGuid: Buffer;
}

export function beginExchange(suite: CipherSuite, user: string, password: string): Exchange {
  const passwordKey = Buffer.alloc(LONGEST_PASSWORD);
  Buffer.from(password).copy(passwordKey);
  return {
    suite,
    user: Buffer.from(user),
    passwordKey,
    consoleId: randomBytes(4),
    consoleRandom: randomBytes(16),
  };
}

export function openRequest({ suite, consoleId }: Exchange): Buffer {
  // Message tag 0; privilege 0: the highest that suite and user allow.
  return Buffer.concat([
    Buffer.from([0, 0, 0, 0]),
    consoleId,
    Buffer.from([0, 0, 0, 8, suite.authentication, 0, 0, 0]),
    Buffer.from([1, 0, 0, 8, suite.integrity, 0, 0, 0]),
    Buffer.from([2, 0, 0, 8, suite.confidentiality, 0, 0, 0]),
  ]);
}

/** The session id that the BMC chose for itself; null when the answer belongs to another exchange. */
export function readOpenResponse(exchange: Exchange, payload: Buffer): Buffer | null {
  if (isForAnother(exchange, payload)) return null;
  demandStatus(payload, "open session", exchange);
  if (payload.length < 36) throw cutShort("open session response", payload);
  const { suite } = exchange;
  const chosen = [payload[16], payload[24], payload[32]];
  const asked = [suite.authentication, suite.integrity, suite.confidentiality];
  if (chosen.some((algorithm, index) => algorithm !== asked[index])) {
    throw new OperatingError(
      "untrusted",
      `Cannot open an IPMI session as the BMC chose other algorithms than asked for: they are ${chosen.join(", ")}`,
    );
  }
  return Buffer.from(payload.subarray(8, 12));
}

export const rakp1 = ({ consoleRandom, user }: Exchange, bmcId: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 0]),
    bmcId,
    consoleRandom,
    Buffer.from([ROLE, 0, 0, user.length]),
    user,
  ]);

/** The BMC's part, once it has proven to know the password; null when the answer belongs to another exchange. */
export function readRakp2(exchange: Exchange, bmcId: Buffer, payload: Buffer): BmcPart | null {
  if (isForAnother(exchange, payload)) return null;
  demandStatus(payload, "RAKP 2", exchange);
  const { suite, consoleId, consoleRandom, user, passwordKey } = exchange;
  if (payload.length < 40 + suite.digestBytes) throw cutShort("RAKP 2", payload);
  const bmcRandom = Buffer.from(payload.subarray(8, 24));
  const bmcGuid = Buffer.from(payload.subarray(24, 40));
  const role = Buffer.from([ROLE, user.length]);
  const proof = [consoleId, bmcId, consoleRandom, bmcRandom, bmcGuid, role, user];
  const expected = hmac(suite, passwordKey, ...proof);
  if (!sameCode(expected, payload.subarray(40, 40 + suite.digestBytes))) throw wrongPassword();
  return { bmcId, bmcRandom, bmcGuid };
}

export function rakp3(exchange: Exchange, bmc: BmcPart): Buffer {
  const { suite, passwordKey, consoleId, user } = exchange;
  const role = Buffer.from([ROLE, user.length]);
  const proof = hmac(suite, passwordKey, bmc.bmcRandom, consoleId, role, user);
  return Buffer.concat([Buffer.from([0, 0, 0, 0]), bmc.bmcId, proof]);
}

/** The keys of the session, once the BMC has proven to have the same; null when the answer belongs to another exchange. */
export function readRakp4(exchange: Exchange, bmc: BmcPart, payload: Buffer): SessionKeys | null {
  if (isForAnother(exchange, payload)) return null;
  demandStatus(payload, "RAKP 4", exchange);
  const { suite, passwordKey, consoleId, consoleRandom, user } = exchange;
  if (payload.length < 8 + suite.checkBytes) throw cutShort("RAKP 4", payload);
  const role = Buffer.from([ROLE, user.length]);
  const sessionKey = hmac(suite, passwordKey, consoleRandom, bmc.bmcRandom, role, user);
  const expected = hmac(suite, sessionKey, consoleRandom, bmc.bmcId, bmc.bmcGuid);
  const shown = payload.subarray(8, 8 + suite.checkBytes);
  if (!sameCode(expected.subarray(0, suite.checkBytes), shown)) throw wrongPassword();
  const derive = (constant: number): Buffer =>
    hmac(suite, sessionKey, Buffer.alloc(KEY_CONSTANT_BYTES, constant));
  return {
    suite,
    consoleId,
    bmcId: bmc.bmcId,
    integrity: derive(1),
    confidentiality: derive(2).subarray(0, AES_KEY_BYTES),
  };
}

/** Answers name our session id; refusals may be cut off before it (ipmi_sim sends tag and status alone). */
function isForAnother({ consoleId }: Exchange, payload: Buffer): boolean {
  if (payload.length >= 8) return !consoleId.equals(payload.subarray(4, 8));
  return payload.length < 2 || payload[STATUS_AT] === 0;
}

function demandStatus(payload: Buffer, step: string, { suite, user }: Exchange): void {
  const status = payload.readUInt8(STATUS_AT);
  if (status !== 0) throw rakpRefusal(status, step, suite.id, user.toString());
}

const wrongPassword = (): OperatingError =>
  new OperatingError(
    "denied",
    "Cannot open an IPMI session as BMC and inventory disagree on the password: the key exchange code is wrong. Check the password of this BMC's user",
  );

const cutShort = (what: string, payload: Buffer): OperatingError =>
  new OperatingError(
    "protocol",
    `Cannot open an IPMI session as the BMC's ${what} is cut short: its length is ${payload.length} bytes`,
  );
