import type { IncomingHttpHeaders } from "node:http";
import type { Account, Accounts } from "./accounts.ts";
import { findAccount, sameSecret } from "./accounts.ts";
import { BareError } from "./api-error.ts";
import type { Sessions } from "./sessions.ts";

/**
 * Who sent a request with these headers: an API token, or the cookie of a login with, for writes, its CSRF token.
 * Throws the 401 that PVE gives (pve-manager 9.1.5 and later).
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  method: string,
  known: { readonly accounts: Accounts; readonly sessions: Sessions },
): Account {
  const token = /^PVEAPIToken(?:=|\s)(.*)$/.exec(headers.authorization ?? "")?.[1];
  if (token !== undefined) return accountOfToken(token, known.accounts);
  const ticket = cookieOf(headers.cookie ?? "", "PVEAuthCookie");
  if (ticket === null) throw new BareError(401, "No ticket");
  const session = known.sessions.find(ticket);
  if (session === null) throw new BareError(401, "Authentication failed!");
  const csrf = headers["csrfpreventiontoken"];
  if (method !== "GET" && (typeof csrf !== "string" || !sameSecret(csrf, session.csrf))) {
    throw new BareError(401, "Permission denied - invalid csrf token");
  }
  return session.account;
}

function accountOfToken(token: string, accounts: Accounts): Account {
  const split = /^([^=\s]+)=([0-9a-f-]{36})$/.exec(token);
  const account = findAccount(accounts.tokens, split?.[1] ?? "", split?.[2] ?? "");
  if (account === null) throw new BareError(401, "Authentication failed!");
  return account;
}

function cookieOf(header: string, name: string): string | null {
  const pair = header
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  if (pair === undefined) return null;
  try {
    return decodeURIComponent(pair.slice(name.length + 1));
  } catch {
    return null;
  }
}
