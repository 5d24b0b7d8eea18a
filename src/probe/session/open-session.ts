import { either, orAborted } from "../../base/abort.ts";
import { AssertionError } from "../../base/assert.ts";
import { describeError } from "../../base/errors.ts";
import { after, milliseconds, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import type { EffectiveGrid } from "../../contracts/probe.ts";
import type { AttemptMeans } from "../attempt.ts";
import { AttemptFailure, HeldBack, Nonsense } from "../attempt-failure.ts";
import { brief, failureOf } from "../failure-of.ts";
import { Journey } from "../journey.ts";
import type { AttemptContext, Door } from "../layers/connection.ts";
import { connectInTime, secured } from "../layers/connection.ts";
import type { ServerInit } from "../layers/rfb.ts";
import { shakeHands } from "../layers/rfb.ts";
import type { WebSocketPipe } from "../layers/websocket.ts";
import { openWebSocket } from "../layers/websocket.ts";
import type { Manners } from "../manners.ts";
import { throughPage, throughTicket } from "../way-in.ts";

export interface SessionOrder {
  readonly endpoint: Endpoint;
  readonly grid: EffectiveGrid;
  readonly manners: Manners;
}

/** Behind the handshake. Its sockets belong to `journey`, which whoever holds it has to end. */
export interface Session extends ServerInit {
  readonly pipe: WebSocketPipe;
  readonly journey: Journey;
}

export type Opened =
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "not-held"; readonly detail: string };

/** How often it waits for its turn at the turnstile. Whoever fails otherwise is not to knock again. */
const MOST_TRIES = 10;
const PAUSE = seconds(1);
/** Its own budget: a kilobyte a second for half a day, or some sixteen screens that nobody asked for. */
const MOST_RECEIVED_BYTES = 64 * 1024 * 1024;

/** Rejects only for a bug. */
export async function openSession(
  order: SessionOrder,
  means: AttemptMeans,
  signal: AbortSignal,
): Promise<Opened> {
  const { clock } = means;
  const { lockOut } = order.manners;
  for (let tries = 1; ; tries++) {
    if (lockOut.holds(clock.now())) return { kind: "not-held", detail: LEFT_ALONE };
    await ticketsTurn(order, clock, signal);
    const journey = new Journey(after(clock.now(), order.grid.attemptTimeout));
    try {
      return { kind: "open", session: await enter(order, means, journey, signal) };
    } catch (error) {
      journey.end();
      if (error instanceof AssertionError) throw error;
      if (isTurnedAway(error)) {
        order.manners.lockOut.turnedAway(clock.now());
        order.manners.turnstile.dismiss();
      }
      const mayWait = error instanceof HeldBack && tries < MOST_TRIES && !signal.aborted;
      if (!mayWait) return { kind: "not-held", detail: inWords(error, journey) };
    }
    await clock.sleep(PAUSE, signal).catch(() => undefined);
  }
}

const LEFT_ALONE = "the desktop turned us away lately, and is left alone for a while";

/** Where each ticket is a task on the cluster, one is asked for no sooner than the cluster bears. */
async function ticketsTurn(
  { endpoint, manners }: SessionOrder,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (endpoint.kind !== "ticket") return;
  const apart = milliseconds(endpoint.minimum_period_ms);
  await clock.sleep(manners.tickets.reserve(clock.now(), apart), signal).catch(() => undefined);
}

const isTurnedAway = (error: unknown): boolean =>
  error instanceof AttemptFailure && error.refusal !== null;

async function enter(
  order: SessionOrder,
  { clock, contexts, passwords }: AttemptMeans,
  journey: Journey,
  signal: AbortSignal,
): Promise<Session> {
  const { endpoint, grid, manners } = order;
  const deadline = either(signal, clock.timeout(grid.attemptTimeout));
  const context = { clock, contexts, grid, journey, deadline };
  const entering = async (): Promise<Session> => {
    const door =
      endpoint.kind === "novnc"
        ? await throughPage(endpoint, "frame", context, passwords)
        : endpoint.kind === "ticket"
          ? await throughTicket(endpoint, "frame", context)
          : null;
    if (door === null) throw new Nonsense("there is no desktop behind a bare port");
    journey.enter("rfb");
    const pass = endpoint.kind === "novnc" ? await manners.turnstile.enter(journey) : null;
    const session = await knock(door, context);
    pass?.admitted();
    return session;
  };
  return await orAborted(entering(), deadline);
}

async function knock(door: Door, context: AttemptContext): Promise<Session> {
  const { journey } = context;
  journey.enter("websocket");
  const { address, trust } = door.target;
  const socket = await secured(await connectInTime(address, trust, context), door.target);
  const pipe = await openWebSocket(socket, door, journey, MOST_RECEIVED_BYTES);
  journey.enter("rfb");
  return { ...(await shakeHands(pipe, door.password)), pipe, journey };
}

/** Why a session broke, or was not opened. */
export function inWords(error: unknown, { layer }: Pick<Journey, "layer">): string {
  const failure = failureOf(error, layer);
  return failure === null ? brief(describeError(error)) : Object.values(failure).join(", ");
}
