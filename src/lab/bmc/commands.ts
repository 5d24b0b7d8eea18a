import type { Account } from "./accounts.ts";
import { PRIVILEGE } from "./accounts.ts";
import type { Chassis, ChassisAct } from "./chassis.ts";
import { CODE } from "./completion-code.ts";
import { cipherSuiteRecords } from "./cipher-suite.ts";
import type { IpmiRequest, IpmiResponse } from "./ipmi-message.ts";

/** What a command may know of the session it came in; null outside any. */
export interface CallingSession {
  readonly id: number;
  readonly account: Account;
  /** The most that the session asked for when it was opened. */
  readonly limit: number;
  privilege: number;
  closed: boolean;
}

interface Command {
  /** What the caller needs; null: nothing, not even a session. */
  readonly needs: number | null;
  readonly bytes: number;
  readonly run: (data: Buffer, chassis: Chassis, session: CallingSession | null) => IpmiResponse;
}

const reply = (...data: readonly number[]): IpmiResponse => ({
  code: CODE.ok,
  data: Buffer.from(data),
});
const failure = (code: number): IpmiResponse => ({ code, data: Buffer.alloc(0) });

const NET_FUNCTION = { chassis: 0x00, application: 0x06 } as const;
const RECORDS_IN_A_REPLY = 16;

/** The channel that carried the question, when a caller asks for "this one" (0xe); LAN is channel 1. */
const CHANNEL = 1;

const commands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [
    // Get Device ID (20.1): IPMI 2.0, a chassis device; manufacturer and product 0.
    key(NET_FUNCTION.application, 0x01),
    {
      needs: PRIVILEGE.user,
      bytes: 0,
      run: () => reply(0x20, 0x01, 0x02, 0x00, 0x02, 0x80, 0, 0, 0, 0, 0),
    },
  ],
  [
    // Get Device GUID (20.8).
    key(NET_FUNCTION.application, 0x08),
    { needs: PRIVILEGE.user, bytes: 0, run: (_, chassis) => reply(...chassis.guid) },
  ],
  [
    // Get System GUID (22.14), which may be asked before a session.
    key(NET_FUNCTION.application, 0x37),
    { needs: null, bytes: 0, run: (_, chassis) => reply(...chassis.guid) },
  ],
  [
    // Get Channel Authentication Capabilities (22.13): IPMI 2.0 with named users, and nothing older.
    key(NET_FUNCTION.application, 0x38),
    { needs: null, bytes: 2, run: () => reply(CHANNEL, 0x80, 0x04, 0x02, 0, 0, 0, 0) },
  ],
  [key(NET_FUNCTION.application, 0x3b), { needs: PRIVILEGE.user, bytes: 1, run: setPrivilege }],
  [key(NET_FUNCTION.application, 0x3c), { needs: PRIVILEGE.user, bytes: 4, run: closeSession }],
  [key(NET_FUNCTION.application, 0x54), { needs: null, bytes: 3, run: listCipherSuites }],
  [
    // Get Chassis Status (28.2): power restore policy unknown, nothing pressed, nothing open.
    key(NET_FUNCTION.chassis, 0x01),
    {
      needs: PRIVILEGE.user,
      bytes: 0,
      run: (_, chassis) => reply(0x60 | (chassis.isPowered() ? 1 : 0), 0, 0),
    },
  ],
  [
    // Chassis Control (28.3).
    key(NET_FUNCTION.chassis, 0x02),
    {
      needs: PRIVILEGE.operator,
      bytes: 1,
      run: (data, chassis) => failure(control(data.readUInt8(0) & 0x0f, chassis)),
    },
  ],
]);

/** What Chassis Control may be asked (28.3). */
const CONTROLS: ReadonlyMap<number, ChassisAct> = new Map<number, ChassisAct>([
  [0, "off"],
  [1, "on"],
  [2, "cycle"],
  [3, "reset"],
  [5, "button"],
]);

/** The completion code. A machine that is off can only be switched on. */
function control(action: number, chassis: Chassis): number {
  const act = CONTROLS.get(action);
  if (act === undefined) return CODE.invalidData;
  return chassis.act(act) === "not-on" ? CODE.notInThisState : CODE.ok;
}

/** Runs one command, if the caller may. */
export function runCommand(
  request: IpmiRequest,
  chassis: Chassis,
  session: CallingSession | null,
): IpmiResponse {
  const command = commands.get(key(request.netFunction, request.command));
  if (command === undefined) return failure(CODE.invalidCommand);
  const has = session?.privilege ?? 0;
  if (command.needs !== null && has < command.needs) return failure(CODE.insufficientPrivilege);
  if (request.data.length < command.bytes) return failure(CODE.wrongLength);
  return command.run(request.data, chassis, session);
}

function key(netFunction: number, command: number): number {
  return (netFunction << 8) | command;
}

/** Set Session Privilege Level (22.18); 0 only asks. */
function setPrivilege(data: Buffer, _: Chassis, session: CallingSession | null): IpmiResponse {
  if (session === null) return failure(CODE.insufficientPrivilege);
  const wanted = data.readUInt8(0) & 0x0f;
  if (wanted > PRIVILEGE.administrator || wanted === 1) return failure(CODE.invalidData);
  if (wanted > session.limit) return failure(CODE.privilegeAboveLimit);
  const granted = wanted === 0 ? session.privilege : wanted;
  session.privilege = granted;
  return reply(granted);
}

/** Close Session (22.19); a session may close itself only. */
function closeSession(data: Buffer, _: Chassis, session: CallingSession | null): IpmiResponse {
  if (session === null || data.readUInt32LE(0) !== session.id) return failure(CODE.unknownSession);
  session.closed = true;
  return reply();
}

/** Get Channel Cipher Suites (22.15): sixteen bytes of the records at a time. */
function listCipherSuites(data: Buffer): IpmiResponse {
  const start = (data.readUInt8(2) & 0x3f) * RECORDS_IN_A_REPLY;
  return reply(CHANNEL, ...cipherSuiteRecords().subarray(start, start + RECORDS_IN_A_REPLY));
}
