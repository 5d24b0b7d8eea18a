import type { ApiHost } from "../../model/inventory.ts";
import type { ApiPlace } from "./guard.ts";

/** Where the API hosts are: the inventory's word where it has one, else the addresses behind their names. */
export const apiPlaces = async (
  hosts: readonly ApiHost[],
  addressesOf: (host: string) => Promise<readonly string[]>,
): Promise<readonly ApiPlace[]> =>
  await Promise.all(
    hosts.map(async ({ url, node }) => ({
      node,
      addresses: node === null ? await addressesOf(hostIn(url)) : [],
    })),
  );

/** Without the brackets around IPv6. */
const hostIn = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/u, "$1");
