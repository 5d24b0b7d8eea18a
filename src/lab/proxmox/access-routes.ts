import { z } from "zod";
import type { Account } from "./accounts.ts";
import { findAccount } from "./accounts.ts";
import { ApiError } from "./api-error.ts";
import type { ApiWorld } from "./api-world.ts";
import { checked, flag, text } from "./parameters.ts";
import type { RawParameters } from "./parameters.ts";
import { ADMINISTRATOR } from "./privileges.ts";
import type { Call, Reply, Route } from "./router.ts";

export const accessRoutes: readonly Route[] = [
  { method: "GET", template: "/access/permissions", permission: null, handle: permissions },
];

const credentials = z.strictObject({
  username: text,
  password: text,
  realm: text.optional(),
  "new-format": flag.optional(),
});

/** `POST /access/ticket`: the one call that needs no authentication. A ticket renews itself when sent as password. */
export function login(world: ApiWorld, input: RawParameters): Reply {
  const { username, password, realm } = checked(credentials, input);
  const id = username.includes("@") ? username : `${username}@${realm ?? "pam"}`;
  const account = findAccount(world.accounts.users, id, password) ?? renewed(world, id, password);
  if (account === null) throw new ApiError(401, "authentication failure");
  const session = world.sessions.open(account);
  return {
    data: {
      username: account.id,
      clustername: world.twin.clusterName,
      ticket: session.ticket,
      CSRFPreventionToken: session.csrf,
      cap: ADMINISTRATOR,
    },
  };
}

function renewed(world: ApiWorld, id: string, ticket: string): Account | null {
  const account = world.sessions.find(ticket)?.account;
  return account?.id === id ? account : null;
}

function permissions({ account, input }: Call): Reply {
  checked(z.strictObject({ userid: text.optional(), path: text.optional() }), input);
  if (!account.privileged) return { data: {} };
  const { access, dc, mapping, nodes, sdn, storage, vms } = ADMINISTRATOR;
  const pool = { "Pool.Allocate": 1, "Pool.Audit": 1 };
  const all = { ...access, ...dc, ...mapping, ...nodes, ...sdn, ...storage, ...vms, ...pool };
  return { data: { "/": all } };
}
