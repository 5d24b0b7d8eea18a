import { z } from "zod";
import { findAccount, PRIVILEGE } from "../accounts.ts";
import { wrongCredentials } from "./identify.ts";
import { RedfishError } from "./redfish-error.ts";
import type { Caller, RedfishReply, RedfishRequest, RedfishService } from "./redfish-service.ts";
import { SESSION_SERVICE, SESSIONS } from "./redfish-service.ts";
import type { RedfishSession } from "./redfish-sessions.ts";
import { SESSION_TIMEOUT_S } from "./redfish-sessions.ts";
import { bodyOf } from "./request-body.ts";

export const sessionService = (): object => ({
  "@odata.id": SESSION_SERVICE,
  "@odata.type": "#SessionService.v1_1_8.SessionService",
  Id: "SessionService",
  Name: "Session Service",
  ServiceEnabled: true,
  SessionTimeout: SESSION_TIMEOUT_S,
  Sessions: { "@odata.id": SESSIONS },
});

export const sessionCollection = ({ sessions }: RedfishService): object => {
  const members = sessions.list().map(({ id }) => ({ "@odata.id": `${SESSIONS}/${id}` }));
  return {
    "@odata.id": SESSIONS,
    "@odata.type": "#SessionCollection.SessionCollection",
    Name: "Session Collection",
    "Members@odata.count": members.length,
    Members: members,
  };
};

export const sessionResource = ({ id, account }: RedfishSession): object => ({
  "@odata.id": `${SESSIONS}/${id}`,
  "@odata.type": "#Session.v1_3_0.Session",
  Id: id,
  Name: "User Session",
  UserName: account.name.toString("utf8"),
});

/** The only request with a body that needs no authentication: it is the authentication. */
export function logIn(request: RedfishRequest, service: RedfishService): RedfishReply {
  const body = z.record(z.string(), z.unknown()).catch({}).parse(bodyOf(request));
  const user = textOf(body, "UserName");
  const account = findAccount(service.accounts, { user, password: textOf(body, "Password") });
  if (account === null) throw wrongCredentials(request);
  const session = service.sessions.create(account);
  if (session === null) throw RedfishError.of(503, "SessionLimitExceeded");
  return {
    status: 201,
    headers: { location: `${SESSIONS}/${session.id}`, "x-auth-token": session.token },
    body: sessionResource(session),
  };
}

function textOf(body: Readonly<Record<string, unknown>>, property: string): string {
  const value = body[property];
  if (typeof value === "string") return value;
  throw RedfishError.of(400, "CreateFailedMissingReqProperties", [property]);
}

/** One's own, or any for an administrator. */
export function logOut(
  session: RedfishSession,
  caller: Caller,
  { sessions }: RedfishService,
): RedfishReply {
  const own = session.account === caller.account;
  if (!own && caller.account.privilege < PRIVILEGE.administrator) {
    throw RedfishError.of(403, "InsufficientPrivilege");
  }
  sessions.delete(session.id);
  return { status: 204, headers: {}, body: null };
}
