import { describeError, OperatingError } from "../../base/errors.ts";
import { between, longer, milliseconds, times } from "../../base/time.ts";
import { hedged } from "../../clients/shared/hedged.ts";
import { underDeadline } from "../../clients/shared/under-deadline.ts";
import type { ApiHost } from "../../model/inventory.ts";
import type { Look } from "./look.ts";
import { look } from "./look.ts";
import type { Pulses } from "./pulses.ts";
import { PULSE_PERIOD } from "./pulses.ts";
import type { Session } from "./session.ts";

/** Status calls answer within that, even in corosync's freeze (facts 7); a host that is slower is joined by the next one. */
const SILENCE = milliseconds(500);

export interface Found {
  /** Null when no host answered. */
  readonly look: Look | null;
  /** The first thing that went wrong on the way; null when nothing did. */
  readonly trouble: string | null;
}

/**
 * One look, at whichever host answers first: the best one, and each time that one fails or is silent the next as well. A host
 * outside the quorum sees everybody else offline: what it says counts only when no host is inside.
 */
export async function findLook(
  session: Session,
  pulses: Pulses,
  signal: AbortSignal,
): Promise<Found> {
  const { api, clock } = session;
  const [first, ...others] = api.hosts();
  if (first === undefined) return { look: null, trouble: "no API host may be asked" };
  const seen: { outside: Look | null; trouble: string | null } = { outside: null, trouble: null };
  const hedge = {
    // Once more the first: behind a balancer, a fresh connection leads elsewhere.
    candidates: [first, ...others, first],
    silence: longer(SILENCE, times(clock.floor.deadline, 2)),
    clock,
    isFinal: () => false,
    onSilent: (host: ApiHost) => api.doubt(host),
  };
  try {
    const found = await hedged(hedge, signal, async (host, until) => {
      try {
        const current = await lookAlive(session, { host, pulses }, until);
        if (current.quorate) return current;
        seen.outside ??= current;
        throw new OperatingError("rejected", `${host.url} is outside the cluster's quorum`);
      } catch (error) {
        // A host on the node that is about to be killed was left in order.
        const left = host.node !== null && host.node === api.avoided;
        if (!until.aborted && !left) seen.trouble ??= describeError(error);
        throw error;
      }
    });
    return { look: found, trouble: seen.trouble };
  } catch (error) {
    signal.throwIfAborted();
    return { look: seen.outside, trouble: seen.trouble ?? describeError(error) };
  }
}

/** Rejects as soon as the host is found dead, which is long before its answers are given up. */
async function lookAlive(
  { api, clock }: Session,
  { host, pulses }: { readonly host: ApiHost; readonly pulses: Pulses },
  signal: AbortSignal,
): Promise<Look> {
  const over = new AbortController();
  const dead = new AbortController();
  const watching = underDeadline(signal, over.signal, async (until) => {
    await clock.sleep(longer(SILENCE, times(clock.floor.deadline, 2)), until);
    for (;;) {
      const why = await pulses.pulse(host, until);
      if (why !== null) dead.abort(new OperatingError("unreachable", why));
      await clock.sleep(longer(PULSE_PERIOD, clock.floor.period), until);
    }
  }).catch(() => undefined);
  try {
    const seen = await underDeadline(
      signal,
      dead.signal,
      async (until) => await look(api, host, until),
    );
    pulses.answered(host, between(seen.during.earliest, seen.during.latest));
    return seen;
  } finally {
    over.abort(new OperatingError("timed-out", "the look is over"));
    await watching;
  }
}
