import { isSame } from "./cipher-suite.ts";

/** Privilege levels of IPMI (6.8). */
export const PRIVILEGE = { user: 2, operator: 3, administrator: 4 } as const;

export interface Account {
  readonly name: Buffer;
  /** The password, filled up to 20 bytes: RAKP's user key (13.31). */
  readonly key: Buffer;
  readonly privilege: number;
}

const KEY_LENGTH = 20;

/** A second account of every BMC in the lab, which may look but not touch. */
const VIEWER = { user: "viewer", password: "look" } as const;

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Who may use a BMC of the lab: its administrator, an operator with the same password, and the viewer. */
export const bmcAccounts = ({ user, password }: Credentials): readonly Account[] => [
  account(user, password, PRIVILEGE.administrator),
  account("operator", password, PRIVILEGE.operator),
  account(VIEWER.user, VIEWER.password, PRIVILEGE.user),
];

function account(name: string, password: string, privilege: number): Account {
  const key = Buffer.alloc(KEY_LENGTH);
  key.write(password, "utf8");
  return { name: Buffer.from(name, "utf8"), key, privilege };
}

/** Who proves to be whom; null: nobody. */
export function findAccount(
  accounts: readonly Account[],
  { user, password }: Credentials,
): Account | null {
  const given = account(user, password, 0);
  const known = accounts.find(({ name }) => name.equals(given.name));
  const proven = known !== undefined && isSame(known.key, given.key);
  // A key neither shows what does not fit into it, nor zeros at its end.
  const isWhole = Buffer.byteLength(password) <= KEY_LENGTH && !password.includes("\0");
  return proven && isWhole ? known : null;
}
