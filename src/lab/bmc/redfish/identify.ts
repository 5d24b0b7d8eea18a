import type { Credentials } from "../accounts.ts";
import { findAccount } from "../accounts.ts";
import { RedfishError } from "./redfish-error.ts";
import type { Caller, RedfishRequest, RedfishService } from "./redfish-service.ts";

const CHALLENGE = { "www-authenticate": 'Basic realm="blackout lab BMC"' };

/** Who sent a request, by the token of a session or by HTTP basic authentication. Throws a 401. */
export function identify(request: RedfishRequest, service: RedfishService): Caller {
  const { token, authorization } = request.headers;
  if (token !== null) {
    const session = service.sessions.use(token);
    if (session === null) throw RedfishError.of(401, "NoValidSession", [], CHALLENGE);
    return { account: session.account, session };
  }
  if (authorization === null) throw RedfishError.of(401, "NoValidSession", [], CHALLENGE);
  const credentials = basicCredentials(authorization);
  const account = credentials === null ? null : findAccount(service.accounts, credentials);
  if (account === null) throw wrongCredentials(request);
  return { account, session: null };
}

export const wrongCredentials = ({ path }: RedfishRequest): RedfishError =>
  RedfishError.of(
    401,
    "ResourceAtUriUnauthorized",
    [path, "Invalid username or password"],
    CHALLENGE,
  );

/** RFC 7617: the user's name ends at the first colon. */
function basicCredentials(header: string): Credentials | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
