import type { Clock } from "../contracts/clock.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Secrets } from "../contracts/secrets.ts";
import { effectiveGrid } from "./effective-grid.ts";
import { SecureContexts } from "./layers/tls.ts";
import { Passwords } from "./passwords.ts";
import { holdSession } from "./session/hold-session.ts";
import { Turnstile } from "./turnstile.ts";
import { watchEndpoint } from "./watch.ts";

/** The probe on sockets of this machine. */
export function createProbe(world: { readonly clock: Clock; readonly secrets: Secrets }): Probe {
  const means = {
    clock: world.clock,
    contexts: new SecureContexts(),
    passwords: new Passwords(world.secrets),
  };
  /** Of the desktops that are watched now, by trial: whoever enters one is counted together with the others there. */
  const turnstiles = new Map<string, Turnstile>();
  return {
    effective: (spec, endpoint) => effectiveGrid(spec, endpoint, world.clock.floor),
    watch: async (order, onSample, signal) => {
      const turnstile = new Turnstile();
      if (order.target === "desktop") turnstiles.set(order.trial, turnstile);
      try {
        await watchEndpoint(order, { ...means, turnstile }, onSample, signal);
      } finally {
        if (order.target === "desktop") turnstiles.delete(order.trial);
      }
    },
    hold: async (order, tell, signal) => {
      const turnstile = turnstiles.get(order.trial) ?? new Turnstile();
      await holdSession(order, { ...means, turnstile }, tell, signal);
    },
  };
}
