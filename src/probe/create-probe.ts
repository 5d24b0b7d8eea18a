import type { Clock } from "../contracts/clock.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Secrets } from "../contracts/secrets.ts";
import { effectiveGrid } from "./effective-grid.ts";
import { SecureContexts } from "./layers/tls.ts";
import { Passwords } from "./passwords.ts";
import { watchEndpoint } from "./watch.ts";

/** The probe on sockets of this machine. */
export function createProbe(world: { readonly clock: Clock; readonly secrets: Secrets }): Probe {
  const means = {
    clock: world.clock,
    contexts: new SecureContexts(),
    passwords: new Passwords(world.secrets),
  };
  return {
    effective: (spec, endpoint) => effectiveGrid(spec, endpoint, world.clock.floor),
    watch: async (order, onSample, signal) => {
      await watchEndpoint(order, means, onSample, signal);
    },
  };
}
