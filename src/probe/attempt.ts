import { orAborted } from "../base/abort.ts";
import { AssertionError } from "../base/assert.ts";
import { describeError } from "../base/errors.ts";
import type { Duration, Instant } from "../base/time.ts";
import { after, between, formatDuration, milliseconds, shorter, sum } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Endpoint } from "../contracts/endpoint.ts";
import type { EffectiveGrid } from "../contracts/probe.ts";
import type { Layer } from "../model/experiment.ts";
import type { SampleResult } from "../model/sample.ts";
import type { Refusal } from "./attempt-failure.ts";
import { AttemptFailure, HeldBack } from "./attempt-failure.ts";
import { gets } from "./depth.ts";
import { brief, failureOf } from "./failure-of.ts";
import type { FramePlaces } from "./frame-places.ts";
import { Journey } from "./journey.ts";
import type { AttemptContext, Door } from "./layers/connection.ts";
import { connectInTime, secured } from "./layers/connection.ts";
import { expectPicture } from "./layers/frame.ts";
import { shakeHands } from "./layers/rfb.ts";
import type { SecureContexts } from "./layers/tls.ts";
import { openWebSocket } from "./layers/websocket.ts";
import { tolerance } from "./pace.ts";
import type { Passwords } from "./passwords.ts";
import type { TicketPace } from "./ticket-pace.ts";
import type { Pass, Turnstile } from "./turnstile.ts";
import { throughPage, throughPort, throughTicket } from "./way-in.ts";

export interface AttemptOrder {
  readonly endpoint: () => Endpoint;
  readonly depth: Layer;
  /** Whether RFB is to be left alone for now: go only as far as that does not touch it. */
  readonly held: () => boolean;
  readonly grid: EffectiveGrid;
  readonly places: FramePlaces;
  readonly manners: { readonly turnstile: Turnstile; readonly tickets: TicketPace };
}

export interface AttemptMeans {
  readonly clock: Clock;
  readonly contexts: SecureContexts;
  readonly passwords: Passwords;
}

export interface AttemptOutcome {
  readonly ended: Instant;
  readonly result: SampleResult;
  /** The server's attitude to us, where it turned us away. */
  readonly refusal: Refusal | null;
  /** It was kept from RFB. */
  readonly held: boolean;
}

/**
 * One attempt on fresh sockets: tcp, http, websocket, rfb, frame, as deep as ordered, under one deadline. Never rejects
 * but for a bug, and leaves no socket behind.
 */
export async function attempt(order: AttemptOrder, means: AttemptMeans): Promise<AttemptOutcome> {
  const { clock } = means;
  const { grid } = order;
  const journey = new Journey(after(clock.now(), grid.attemptTimeout));
  const deadline = clock.timeout(grid.attemptTimeout);
  const context = { clock, contexts: means.contexts, grid, journey, deadline };
  try {
    await orAborted(travel(order, context, means.passwords), deadline);
    return good(journey, journey.complete ?? clock.now());
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    const outcome = failed(error, journey, clock.now(), noticedWithin(clock, grid));
    if (outcome.refusal !== null) order.manners.turnstile.dismiss();
    return outcome;
  } finally {
    journey.end();
  }
}

/** A deadline that is noticed later tells of this process: after a stall Node runs its timers before it reads what came. */
const NOTICED_WITHIN = milliseconds(20);

const noticedWithin = ({ floor }: Clock, { period }: EffectiveGrid): Duration =>
  shorter(tolerance(period), sum(NOTICED_WITHIN, floor.lateness));

async function travel(
  order: AttemptOrder,
  context: AttemptContext,
  passwords: Passwords,
): Promise<void> {
  const { journey, clock } = context;
  const { depth } = order;
  const endpoint = order.endpoint();
  const door = await doorOf(endpoint, order, context, passwords);
  if (door === null) return;
  const pass = await permission(endpoint, order, journey);
  if (pass === "held") return;
  journey.enter("websocket");
  const { address, trust } = door.target;
  const socket = await secured(await connectInTime(address, trust, context), door.target);
  const pipe = await openWebSocket(socket, door, journey);
  journey.arrive("websocket");
  // Behind the WebSocket RFB has begun: even when nobody asked for it, it is not broken off before authentication.
  if (depth === "websocket") journey.complete = clock.now();
  journey.enter("rfb");
  const { screen, name } = await shakeHands(pipe, door.password);
  pass?.admitted();
  if (depth === "websocket") return;
  if (endpoint.kind === "novnc") journey.instance = name;
  journey.arrive("rfb");
  if (depth === "rfb") return;
  journey.enter("frame");
  await expectPicture(pipe, screen, order.places);
  journey.arrive("frame");
}

async function doorOf(
  endpoint: Endpoint,
  order: AttemptOrder,
  context: AttemptContext,
  passwords: Passwords,
): Promise<Door | null> {
  switch (endpoint.kind) {
    case "novnc":
      return await throughPage(endpoint, order.depth, context, passwords);
    case "ticket":
      // A ticket that nobody uses would occupy the cluster for 10 s, so while held not even that is asked for.
      context.journey.held = order.held();
      if (context.journey.held) return await throughTicket(endpoint, "tcp", context);
      if (gets(order.depth, "http")) {
        const { manners } = order;
        manners.tickets.take(context.clock.now(), milliseconds(endpoint.minimum_period_ms));
      }
      return await throughTicket(endpoint, order.depth, context);
    case "tcp":
      return await throughPort(endpoint, context);
  }
}

/** Leave to begin RFB. Null: none is needed, since a console's attempts are few and have each a ticket of their own. */
async function permission(
  endpoint: Endpoint,
  order: AttemptOrder,
  journey: Journey,
): Promise<Pass | "held" | null> {
  if (endpoint.kind !== "novnc") return null;
  journey.held = order.held();
  if (journey.held) return "held";
  journey.enter("rfb");
  return await order.manners.turnstile.enter(journey);
}

function good(journey: Journey, ended: Instant): AttemptOutcome {
  const { instance, held } = journey;
  return { ended, result: { kind: "good", instance }, refusal: null, held };
}

function failed(error: unknown, journey: Journey, now: Instant, within: Duration): AttemptOutcome {
  const refusal = error instanceof AttemptFailure ? error.refusal : null;
  if (journey.complete !== null) return { ...good(journey, journey.complete), refusal };
  return { ended: now, result: judged(error, journey, now, within), refusal, held: journey.held };
}

function judged(error: unknown, journey: Journey, now: Instant, within: Duration): SampleResult {
  if (error instanceof HeldBack) return unobserved("skipped", error.message);
  const failure = failureOf(error, journey.layer);
  if (failure === null) return unobserved("prober-error", brief(describeError(error)));
  if (failure.kind === "timed-out") {
    const overdue = between(journey.due, now);
    if (overdue > within) {
      // The desktop may have answered in time, while this process was too busy to hear it.
      return unobserved("late", `the deadline was noticed ${formatDuration(overdue)} late`);
    }
    if (journey.delayed) {
      return unobserved("skipped", "an earlier handshake left this one too little time");
    }
  }
  return { kind: "bad", reached: journey.reached, failure };
}

const unobserved = (why: "late" | "skipped" | "prober-error", detail: string): SampleResult => ({
  kind: "unobserved",
  why,
  detail,
});
