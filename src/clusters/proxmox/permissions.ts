import { z } from "zod";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { ProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { parse } from "../../clients/shared/parse.ts";
import type { MissingRight } from "../../model/cluster-facts.ts";

/** `GET /access/permissions`: by path, the effective privileges; 1: they also hold below it. */
export const permissions = z.record(z.string(), z.record(z.string(), z.coerce.number()));
export type Permissions = z.infer<typeof permissions>;

export type RightsPath = "/" | "/nodes" | "/vms" | "/storage" | "/sdn" | "/pool";

/** The closest path that is listed decides: its own list replaces what it would inherit. */
export function holds(
  granted: Permissions,
  { path, anyOf }: { readonly path: RightsPath; readonly anyOf: readonly string[] },
): boolean {
  const own = granted[path];
  // But for the root, what is needed is needed below the path.
  if (own !== undefined && path === "/") return anyOf.some((each) => own[each] !== undefined);
  if (own !== undefined) return anyOf.some((privilege) => own[privilege] === 1);
  return anyOf.some((privilege) => granted["/"]?.[privilege] === 1);
}

/** `GET /cluster/resources` leaves out, in silence, the guests that the token may not see. Null: it may see all. */
export async function hiddenGuests(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<MissingRight | null> {
  const path = "/access/permissions";
  const needs = "VM.Audit on /vms for the API token, as docs/proxmox.md gives it";
  try {
    const { data } = await api.call({ method: "GET", path }, signal);
    const granted = parse(permissions, data, `GET ${path}`);
    const blind = Object.entries(granted)
      .filter(([each, rights]) => each.startsWith("/vms/") && rights["VM.Audit"] === undefined)
      .map(([each]) => each);
    const all = holds(granted, { path: "/vms", anyOf: ["VM.Audit"] });
    if (all && blind.length === 0) return null;
    const where = all ? blind.join(", ") : "/vms";
    return {
      saw: `guests may be there that cannot be seen: VM.Audit is not granted on ${where}`,
      needs,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OperatingError)) throw error;
    return { saw: `guests may be there that cannot be seen: ${describeError(error)}`, needs };
  }
}
