import { describeError } from "../../base/errors.ts";
import { spanFromMs, spanInMs } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { after, between, later, longer, zero } from "../../base/time.ts";
import { lookEvery } from "../../clients/proxmox/patience.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import type { Look } from "./look.ts";
import { look } from "./look.ts";
import { changesBetween } from "./look-changes.ts";
import { noteRenewals } from "./renewals.ts";
import type { Session } from "./session.ts";

interface Watch {
  readonly session: Session;
  readonly vmid: number;
  readonly victim: () => string | null;
  readonly onEvent: (event: ControlPlaneEvent) => void;
  previous: Look | null;
  /** Why there was no look since the previous one; null while all is well. */
  trouble: string | null;
}

/**
 * Looks once a second, one look at a time, at one surviving host, and reports what changed from look to look. A host that
 * fails is left for the next one at once; the gap is reported. Resolves when `signal` is aborted.
 */
export async function observe(
  session: Session,
  subject: Pick<Watch, "vmid" | "victim" | "onEvent">,
  signal: AbortSignal,
): Promise<void> {
  const { clock, memory } = session;
  const watch: Watch = { session, ...subject, previous: null, trouble: null };
  const started = clock.now();
  memory.renewals = new Map();
  try {
    for (let next = started; !signal.aborted; next = nextLook(next, clock)) {
      await clock.sleep(longer(zero, between(clock.now(), next)), signal);
      next = later(next, clock.now());
      await lookAtSomeHost(watch, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (watch.trouble !== null) reportGap(watch, started, null);
    memory.latestLook = null;
    memory.renewals = new Map();
  }
}

/** On the grid of one second; after a slow look a pause as long as that look, so that looking is never the main load. */
function nextLook(began: Instant, clock: Clock): Instant {
  const now = clock.now();
  return later(after(began, lookEvery(clock)), after(now, between(began, now)));
}

/** Each host once, best first, until one answers. */
async function lookAtSomeHost(watch: Watch, signal: AbortSignal): Promise<void> {
  const { api } = watch.session;
  for (const host of api.hosts()) {
    try {
      takeIn(watch, await look(watch.session.api, host, signal));
      return;
    } catch (error) {
      signal.throwIfAborted();
      watch.trouble ??= describeError(error);
    }
  }
  watch.trouble ??= "no API host may be asked";
}

function takeIn(watch: Watch, current: Look): void {
  const { memory } = watch.session;
  const { previous } = watch;
  if (watch.trouble !== null) reportGap(watch, current.during.earliest, current);
  watch.trouble = null;
  memory.renewals = noteRenewals(memory.renewals, previous, current);
  memory.latestLook = current;
  watch.previous = current;
  if (previous === null) return;
  noteJudge(watch, previous, current);
  const events = changesBetween(previous, current, { vmid: watch.vmid, victim: watch.victim() });
  for (const event of events) {
    if (event.kind === "fenced") memory.fenced = spanFromMs(event.observed_ms);
    if (event.kind === "node-returned" && event.node !== null) memory.returned.add(event.node);
    watch.onEvent(event);
  }
}

function noteJudge(watch: Watch, previous: Look, current: Look): void {
  const { lowest } = current;
  if (lowest === null || previous.online.has(lowest) || !current.online.has(lowest)) return;
  watch.session.memory.judgeReturned = {
    earliest: previous.during.earliest,
    latest: current.during.latest,
  };
}

function reportGap(watch: Watch, fallback: Instant, current: Look | null): void {
  const { clock } = watch.session;
  watch.onEvent({
    kind: "observation-gap",
    observed_ms: spanInMs({
      earliest: watch.previous?.during.earliest ?? fallback,
      latest: current?.during.latest ?? clock.now(),
    }),
    node: current?.host.node ?? null,
    instance: null,
    stamp: null,
    source: "the way to the API",
    raw: {
      before: watch.previous?.host.url ?? null,
      now: current?.host.url ?? null,
      trouble: watch.trouble,
    },
  });
}
