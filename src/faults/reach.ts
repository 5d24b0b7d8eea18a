import type { Clock } from "../contracts/clock.ts";
import type { Tell } from "../contracts/fault.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { BmcAccess, SshAccess } from "../model/inventory.ts";
import type { BmcSession } from "../clients/bmc/bmc-session.ts";
import { openBmc } from "../clients/bmc/open-bmc.ts";
import type { SshEcho } from "../clients/ssh/ssh-echo.ts";
import { openSshEcho } from "../clients/ssh/ssh-echo.ts";
import type { Pulse } from "../clients/ssh/ssh-pulse.ts";
import { sshPulse } from "../clients/ssh/ssh-pulse.ts";
import type { SshEnd } from "../clients/ssh/ssh-run.ts";
import { sshRun } from "../clients/ssh/ssh-run.ts";

/** The ways to a node that faults take. */
export interface Reach {
  openBmc(access: BmcAccess, signal: AbortSignal): Promise<BmcSession>;
  run(access: SshAccess, command: string, signal: AbortSignal): Promise<SshEnd>;
  pulse(access: SshAccess, signal: AbortSignal): Promise<Pulse>;
  echo(access: SshAccess, signal: AbortSignal): Promise<SshEcho>;
}

export const overTheNetwork = (clock: Clock, secrets: Secrets): Reach => ({
  openBmc: async (access, signal) => await openBmc(access, { clock, secrets, signal }),
  run: async (access, command, signal) => await sshRun(access, command, { clock, secrets, signal }),
  pulse: async (access, signal) => await sshPulse(access, clock, signal),
  echo: async (access, signal) => await openSshEcho(access, { clock, secrets, signal }),
});

/** What each part of a fault works with. */
export interface FaultTools {
  readonly reach: Reach;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: Tell;
}

/** For what is over soon. */
export const untold: Tell = () => undefined;

/** Opens a session, uses it, and closes it whatever happens. */
export async function withBmc<T>(
  reach: Reach,
  access: BmcAccess,
  signal: AbortSignal,
  use: (session: BmcSession) => Promise<T>,
): Promise<T> {
  const session = await reach.openBmc(access, signal);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}
