import type { ApiHost } from "../../model/inventory.ts";

/** Where an API host listens. */
export function addressOf({ url }: ApiHost): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    // A URL does not tell its scheme's own port.
    port: port === "" ? 443 : Number(port),
  };
}
