import type { Clock } from "../contracts/clock.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { DesktopViews } from "../contracts/viewing.ts";
import { effectiveGrid } from "./effective-grid.ts";
import { SecureContexts } from "./layers/tls.ts";
import { freshManners, MannersOfTrials } from "./manners.ts";
import { Passwords } from "./passwords.ts";
import { takePicture } from "./picture/take-picture.ts";
import { holdSession } from "./session/hold-session.ts";
import { TicketPace } from "./ticket-pace.ts";
import { viewDesktop } from "./view/view-desktop.ts";
import { watchEndpoint } from "./watch.ts";

/** The probe on sockets of this machine. Whoever enters a trial's desktop is counted together with all others there. */
export function createProbe(world: {
  readonly clock: Clock;
  readonly secrets: Secrets;
}): Probe & DesktopViews {
  const means = {
    clock: world.clock,
    contexts: new SecureContexts(),
    passwords: new Passwords(world.secrets),
  };
  const trials = new MannersOfTrials();
  // Viewers come once a minute at most; none of them takes the ticket of an attempt or a picture.
  const tickets = new TicketPace();
  const entering = (trial: string) => ({ ...means, manners: trials.of(trial) });
  return {
    effective: (spec, endpoint) => effectiveGrid(spec, endpoint, world.clock.floor),
    watch: async (order, onSample, signal) => {
      const manners = order.target === "desktop" ? trials.watched(order.trial) : freshManners();
      await watchEndpoint(order, { ...means, manners }, onSample, signal);
    },
    hold: async (order, tell, signal) => {
      await holdSession(order, entering(order.trial), tell, signal);
    },
    picture: async (look, signal) => await takePicture(look, entering(look.trial), signal),
    view: async (look, signal) => {
      const manners = { ...trials.of(look.trial), tickets };
      return await viewDesktop(look, { ...means, manners }, signal);
    },
  };
}
