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
export const VIEWER = { user: "viewer", password: "look" } as const;

export function account(name: string, password: string, privilege: number): Account {
  const key = Buffer.alloc(KEY_LENGTH);
  key.write(password, "utf8");
  return { name: Buffer.from(name, "utf8"), key, privilege };
}
