import { createHash } from "node:crypto";
import type { LabMachine } from "../../machine.ts";
import type { Account } from "../accounts.ts";
import type { Chassis } from "../chassis.ts";
import type { RedfishSession, RedfishSessions } from "./redfish-sessions.ts";

/** One BMC as Redfish shows it. */
export interface RedfishService {
  readonly machine: LabMachine;
  readonly chassis: Chassis;
  readonly accounts: readonly Account[];
  readonly sessions: RedfishSessions;
}

export interface RedfishRequest {
  readonly method: string;
  /** Without a slash at its end. */
  readonly path: string;
  readonly headers: {
    readonly authorization: string | null;
    readonly token: string | null;
    readonly contentType: string | null;
  };
  readonly body: string;
}

export interface RedfishReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | null;
}

/** Who asks; the session is null for those who sent a password along. */
export interface Caller {
  readonly account: Account;
  readonly session: RedfishSession | null;
}

export const ROOT = "/redfish/v1";
export const SYSTEMS = `${ROOT}/Systems`;
export const SESSION_SERVICE = `${ROOT}/SessionService`;
export const SESSIONS = `${SESSION_SERVICE}/Sessions`;

/** Like a serial number (`437XR1138R2` in DMTF's examples): vendors differ in theirs, and clients have to ask for it. */
export function systemId(node: string): string {
  const hash = createHash("sha256").update(`system ${node}`).digest();
  let at = 0;
  const pick = (from: string): string => from.charAt(hash.readUInt8(at++) % from.length);
  return "000AA0000A0".replaceAll(/[0A]/g, (kind) =>
    pick(kind === "A" ? "BCDFGHJKLMNPQRSTVWXZ" : "123456789"),
  );
}

export const systemPath = (node: string): string => `${SYSTEMS}/${systemId(node)}`;
export const resetPath = (node: string): string =>
  `${systemPath(node)}/Actions/ComputerSystem.Reset`;
