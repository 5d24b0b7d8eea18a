import { accountService, collection, managerAccount, role } from "./resources.ts";
import type { RedfishWire } from "./redfish-wire.ts";
import { isSuccess } from "./redfish-wire.ts";

/** What a ComputerSystem's Reset needs (DSP8011's privilege registry; the roles Operator and Administrator have it). */
export const RESET_PRIVILEGE = "ConfigureComponents";

/** BMCs have some sixteen places for accounts, and read them slowly. */
const MOST_ACCOUNTS = 20;
const what = "read the privileges of the account";

/**
 * What the role of our own account allows. Null where the BMC does not tell, as many do not: each account is readable by
 * its own user and by administrators, if at all. Rejects when the BMC stops answering.
 */
export async function privilegesOf(
  wire: RedfishWire,
  user: string,
  service: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const read = async (path: string | undefined): Promise<unknown> => {
    if (path === undefined) return null;
    const answer = await wire.send({ what, method: "GET", path }, signal);
    return isSuccess(answer.status) ? answer.data : null;
  };
  const list = accountService.safeParse(await read(service)).data?.Accounts;
  const members = collection.safeParse(await read(list)).data?.Members ?? [];
  for (const path of members.slice(0, MOST_ACCOUNTS)) {
    const account = managerAccount.safeParse(await read(path)).data;
    if (account?.UserName !== user) continue;
    return role.safeParse(await read(account.Links?.Role)).data?.AssignedPrivileges ?? null;
  }
  return null;
}
