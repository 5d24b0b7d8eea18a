import { spanFromMs, spanInMs } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { after, between, later, longer, milliseconds } from "../../base/time.ts";
import { lookEvery } from "../../clients/proxmox/patience.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import { noteFenced } from "./fenced-nodes.ts";
import { findLook } from "./find-look.ts";
import type { Look } from "./look.ts";
import { changesBetween, rememberingStarts } from "./look-changes.ts";
import { Pulses } from "./pulses.ts";
import { noteRenewals } from "./renewals.ts";
import type { Session } from "./session.ts";
import { untilNextLook } from "./until-next-look.ts";

/** After a round in which no host answered: the first that is back is to be seen within a second. */
const RETRY = milliseconds(250);

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
 * dies is left for the next one within a second, also between two looks; the gap is reported. Resolves when `signal` is
 * aborted.
 */
export async function observe(
  session: Session,
  subject: Pick<Watch, "vmid" | "victim" | "onEvent">,
  signal: AbortSignal,
): Promise<void> {
  const { clock, memory } = session;
  const watch: Watch = { session, ...subject, previous: null, trouble: null };
  const pulses = new Pulses(session.api, clock);
  const started = clock.now();
  memory.renewals = new Map();
  memory.watchedSince = started;
  try {
    let next = started;
    while (!signal.aborted) {
      const died = await untilNextLook(session, pulses, next, signal);
      watch.trouble ??= died;
      const began = clock.now();
      const found = await findLook(session, pulses, signal);
      watch.trouble ??= found.trouble;
      if (found.look !== null) takeIn(watch, found.look);
      next = found.look === null ? retry(clock) : nextLook(began, clock);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (watch.trouble !== null) reportGap(watch, started, null);
    memory.latestLook = null;
    memory.watchedSince = null;
    memory.watched.push({ earliest: started, latest: clock.now() });
    memory.renewals = new Map();
  }
}

/** On the grid of one second; after a slow look a pause as long as that look, so that looking is never the main load. */
function nextLook(began: Instant, clock: Clock): Instant {
  const now = clock.now();
  return later(after(began, lookEvery(clock)), after(now, between(began, now)));
}

const retry = (clock: Clock): Instant => after(clock.now(), longer(RETRY, clock.floor.period));

function takeIn(watch: Watch, seen: Look): void {
  const { api, memory } = watch.session;
  const { previous } = watch;
  const current = previous === null ? seen : rememberingStarts(previous, seen, watch.vmid);
  if (previous !== null && previous.host !== current.host && api.hosts().includes(previous.host)) {
    watch.trouble ??= `${previous.host.url} was slower than ${current.host.url}`;
  }
  if (watch.trouble !== null) reportGap(watch, current.during.earliest, current);
  watch.trouble = null;
  memory.renewals = noteRenewals(memory.renewals, previous, current);
  memory.latestLook = current;
  watch.previous = current;
  if (previous === null) return;
  noteJudge(watch, previous, current);
  const events = changesBetween(previous, current, { vmid: watch.vmid, victim: watch.victim() });
  memory.fencedNodes = noteFenced(memory.fencedNodes, current, events);
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
