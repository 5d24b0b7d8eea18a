import { OperatingError } from "../../base/errors.ts";
import type { TcpEndpoint } from "../../contracts/endpoint.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { addressOf } from "./api-address.ts";

/** The API that would be asked next, on a node that is not the victim. `hosts`: those that may be asked now, best first. */
export function controlEndpoint(
  hosts: () => readonly ApiHost[],
  victim: string | null,
): TcpEndpoint {
  return {
    kind: "tcp",
    address: () => {
      const host = hosts().find(({ node }) => node === null || node !== victim);
      if (host !== undefined) return addressOf(host);
      throw new OperatingError(
        "unreachable",
        `Cannot try a control target as every API host is on the victim: it is ${String(victim)}. Add another node's URL to the API hosts in the inventory`,
      );
    },
  };
}
