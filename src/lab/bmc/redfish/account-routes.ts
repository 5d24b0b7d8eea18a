import type { Account } from "../accounts.ts";
import { PRIVILEGE } from "../accounts.ts";
import { RedfishError } from "./redfish-error.ts";
import type { Caller, RedfishService } from "./redfish-service.ts";
import { ROOT } from "./redfish-service.ts";

export const ACCOUNT_SERVICE = `${ROOT}/AccountService`;
export const ACCOUNTS = `${ACCOUNT_SERVICE}/Accounts`;
const ROLES = `${ACCOUNT_SERVICE}/Roles`;

/** The roles that every service has, and what they may (DSP0266, "Roles"). */
const roles: Readonly<Record<string, readonly string[]>> = {
  Administrator: [
    "Login",
    "ConfigureManager",
    "ConfigureUsers",
    "ConfigureComponents",
    "ConfigureSelf",
  ],
  Operator: ["Login", "ConfigureComponents", "ConfigureSelf"],
  ReadOnly: ["Login", "ConfigureSelf"],
};

function roleOf({ privilege }: Account): string {
  if (privilege >= PRIVILEGE.administrator) return "Administrator";
  return privilege >= PRIVILEGE.operator ? "Operator" : "ReadOnly";
}

export const accountService = (): object => ({
  "@odata.id": ACCOUNT_SERVICE,
  "@odata.type": "#AccountService.v1_9_0.AccountService",
  Id: "AccountService",
  Name: "Account Service",
  Accounts: { "@odata.id": ACCOUNTS },
});

export const accountCollection = ({ accounts }: RedfishService): object => ({
  "@odata.id": ACCOUNTS,
  "@odata.type": "#ManagerAccountCollection.ManagerAccountCollection",
  Name: "Accounts Collection",
  "Members@odata.count": accounts.length,
  Members: accounts.map((_, index) => ({ "@odata.id": `${ACCOUNTS}/${index + 1}` })),
});

/** An account, which its own user and administrators may read, or a role; null: neither is there. */
export function accountAt(
  path: string,
  { accounts }: RedfishService,
): { readonly get: (caller: Caller) => object } | null {
  const account = accounts.find((_, index) => path === `${ACCOUNTS}/${index + 1}`);
  if (account !== undefined) return { get: (caller) => readAccount(path, account, caller) };
  const role = Object.entries(roles).find(([name]) => path === `${ROLES}/${name}`);
  return role === undefined ? null : { get: () => roleResource(path, ...role) };
}

function readAccount(path: string, account: Account, { account: caller }: Caller): object {
  if (caller !== account && caller.privilege < PRIVILEGE.administrator) {
    throw RedfishError.of(403, "InsufficientPrivilege");
  }
  const role = roleOf(account);
  return {
    "@odata.id": path,
    "@odata.type": "#ManagerAccount.v1_8_0.ManagerAccount",
    Id: path.slice(ACCOUNTS.length + 1),
    Name: "User Account",
    UserName: account.name.toString("utf8"),
    RoleId: role,
    Enabled: true,
    Links: { Role: { "@odata.id": `${ROLES}/${role}` } },
  };
}

const roleResource = (path: string, name: string, privileges: readonly string[]): object => ({
  "@odata.id": path,
  "@odata.type": "#Role.v1_3_1.Role",
  Id: name,
  Name: name,
  IsPredefined: true,
  AssignedPrivileges: privileges,
});
