import { lostExchange } from "../shared/lost-exchange.ts";
import type { CallName } from "./api-error.ts";
import { describeCall, ProxmoxTransportError } from "./api-error.ts";

/** Where a PVE cluster keeps the CA that signs its nodes' certificates. */
export const CA_SOURCE = "/etc/pve/pve-root-ca.pem of any node";

/** What a failed exchange means, from whatever the HTTP library threw. */
export function transportFailure(call: CallName, thrown: unknown): ProxmoxTransportError {
  const { code, why, sent } = lostExchange(thrown, CA_SOURCE);
  return new ProxmoxTransportError(code, `Cannot ${describeCall(call)} as ${why}`, {
    call,
    sent,
    cause: thrown,
  });
}
