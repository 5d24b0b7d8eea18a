import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

/** The token that the lab's inventory uses. */
export const TOKEN_ID = "blackout@pve!lab";
/** A token without any right, to see refusals. */
export const LOW_TOKEN_ID = "low@pve!tok";

/** Somebody whom the API knows. */
export interface Account {
  /** `user@realm` or, for a token, `user@realm!token`: as it stands in a UPID. */
  readonly id: string;
  /** A token's UUID, or a user's password. */
  readonly secret: string;
  /** All privileges everywhere, or none. */
  readonly privileged: boolean;
}

export interface Accounts {
  readonly tokens: readonly Account[];
  readonly users: readonly Account[];
}

/** The token of the inventory, one with no rights to test refusals with, and a user for the login with a password. */
export function createAccounts(): Accounts {
  return {
    tokens: [
      { id: TOKEN_ID, secret: randomUUID(), privileged: true },
      { id: LOW_TOKEN_ID, secret: randomUUID(), privileged: false },
    ],
    users: [
      { id: "blackout@pve", secret: randomBytes(12).toString("base64url"), privileged: true },
    ],
  };
}

/** The account with this id and secret; null when there is none. */
export function findAccount(
  accounts: readonly Account[],
  id: string,
  secret: string,
): Account | null {
  const account = accounts.find((each) => each.id === id);
  return account !== undefined && sameSecret(account.secret, secret) ? account : null;
}

const digest = (secret: string): Buffer => createHash("sha256").update(secret).digest();

export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
