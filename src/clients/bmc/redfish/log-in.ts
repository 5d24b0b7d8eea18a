import { z } from "zod";
import { OperatingError } from "../../../base/errors.ts";
import { pathOf, ROOT } from "./resources.ts";
import type { RedfishAnswer, RedfishWire } from "./redfish-wire.ts";
import { isSuccess } from "./redfish-wire.ts";

/** Where sessions are made when the service root does not say (DSP0266 13.3.4). */
const SESSIONS = `${ROOT}SessionService/Sessions`;
const createdSession = z.object({ "@odata.id": z.string().optional() });

/**
 * Proves who we are: by a session, as each basic authentication costs a BMC a login of its own, or by basic
 * authentication where the BMC refuses to make one. Resolves with the path to delete afterwards; null where there is none.
 */
export async function logIn(
  wire: RedfishWire,
  account: { readonly user: string; readonly password: string },
  sessions: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  const what = "log in";
  const { user, password } = account;
  const body = { UserName: user, Password: password };
  const path = sessions ?? SESSIONS;
  const answer = await wire.send({ what, method: "POST", path, body }, signal);
  // A second failed login would bring the account nearer to its lock-out.
  if (answer.status === 401) throw wire.refusal(what, answer);
  const token = answer.headers.get("x-auth-token");
  if (isSuccess(answer.status) && token !== null && token !== "") {
    wire.identity = { kind: "session", token };
    return sessionPath(answer);
  }
  if (user.includes(":")) {
    throw new OperatingError(
      "configuration",
      `Cannot log in on the BMC at ${wire.peer} as it makes no session and basic authentication allows no colon in a user name: it is ${user}`,
    );
  }
  wire.identity = {
    kind: "basic",
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
  return null;
}

function sessionPath({ headers, data }: RedfishAnswer): string | null {
  const place = headers.get("location") ?? createdSession.safeParse(data).data?.["@odata.id"];
  return place === undefined || place === "" ? null : pathOf(place);
}
