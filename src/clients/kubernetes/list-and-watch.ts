import { z } from "zod";
import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import { spanOf } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { between, formatDuration, longer, milliseconds, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { isHopeless } from "../shared/hopeless.ts";
import { parse } from "../shared/parse.ts";
import { jsonOf, textOf } from "../shared/response-body.ts";
import { refusedWatch } from "./api-error.ts";
import type { Collection } from "./collection.ts";
import type { KubernetesConnection, Stream } from "./connection.ts";
import { linesOf } from "./lines.ts";
import { proofOfHearing } from "./proof-of-hearing.ts";
import { readObjects } from "./read-objects.ts";
import { LeftInOrder } from "./server-state.ts";
import { Told } from "./told.ts";

/** The server ends a watch after this long, by which a forgotten one goes away; it is then opened again. */
const WATCH_SECONDS = 240;
/** Before it is tried again when that failed at once. Short, as every moment of it is blind. */
const PAUSE = milliseconds(200);
/** Longer without a word of the cluster is a gap, even where every watch ended in order. */
const BLIND = seconds(1);

export type Sighting =
  /** All there is. `interrupted` says why a watch before it ended; null for the first and after an ordinary end. */
  | {
      readonly kind: "listed";
      readonly objects: readonly unknown[];
      /** From when the look before was last known to be complete, to the receipt of this one. */
      readonly seen: Span;
      readonly interrupted: string | null;
      readonly server: ApiHost;
    }
  | {
      readonly kind: "changed";
      readonly change: "ADDED" | "MODIFIED" | "DELETED";
      readonly object: unknown;
      readonly seen: Span;
      readonly server: ApiHost;
    };

const event = z.looseObject({ type: z.string(), object: z.unknown() });

/** How a watch ended, for the list that bridges what was missed. */
interface Ended {
  /** Until when everything was told; null when nothing ever was. */
  readonly complete: Instant | null;
  /** Null for the first one and after an end in order. */
  readonly why: string | null;
  readonly at: Instant;
}

/**
 * What a collection holds, and then every change, until `signal` is aborted. Whatever ends a watch (the server's death,
 * its deafness, 410 Gone, garbage), the next thing is a fresh list, whose span reaches back to when nothing can have been
 * missed yet. Rejects only where trying again cannot help: no rights, no trust.
 */
export async function* listAndWatch(
  connection: KubernetesConnection,
  collection: Collection,
  signal: AbortSignal,
): AsyncGenerator<Sighting> {
  const { clock } = connection;
  let ended: Ended = { complete: null, why: null, at: clock.now() };
  while (!signal.aborted) {
    const began = clock.now();
    const told = new Told(ended.complete);
    try {
      for await (const sighting of watchOnce(connection, collection, told, signal)) {
        yield sighting.kind === "listed" ? bridging(sighting, ended, clock) : sighting;
      }
      ended = { complete: told.complete, why: null, at: clock.now() };
    } catch (error) {
      if (hasEnded(signal)) return;
      if (isHopeless(error)) throw error;
      // A list that failed did not begin a new gap.
      const at = told.listed === null ? ended.at : clock.now();
      ended = { complete: told.complete, why: causeOf(error, told, ended), at };
    }
    // One that held for a while was good: the next server is asked at once.
    const held = told.listed !== null && between(began, clock.now()) > PAUSE;
    if (!held) await clock.sleep(PAUSE, signal).catch(() => undefined);
  }
}

type Seen = Extract<Sighting, { kind: "changed" }> | Omit<Listed, "interrupted">;
type Listed = Extract<Sighting, { kind: "listed" }>;

async function* watchOnce(
  connection: KubernetesConnection,
  collection: Collection,
  told: Told,
  signal: AbortSignal,
): AsyncGenerator<Seen> {
  const { path, query } = collection;
  const { objects, version, server, asked, received } = await readObjects(
    connection,
    collection,
    "application/json",
    signal,
  );
  told.list(objects, asked);
  yield { kind: "listed", objects, seen: { earliest: asked, latest: received }, server };
  const options = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(version)}`;
  const following = `${path}?${query === "" ? "" : `${query}&`}${options}`;
  const over = new AbortController();
  const whole = either(signal, over.signal);
  const checking = collection.checked
    ? proofOfHearing(connection, collection, told, whole).catch((error: unknown) =>
        over.abort(error),
      )
    : null;
  try {
    const stream = await connection.stream(server, following, whole);
    yield* changes(connection, { path, server, stream, told });
  } catch (error) {
    // Why it was ended says more than how that looks in the stream.
    over.signal.throwIfAborted();
    throw error;
  } finally {
    over.abort(new LeftInOrder("unreachable", "the watch is over"));
    await checking;
  }
}

async function* changes(
  connection: KubernetesConnection,
  watch: {
    readonly path: string;
    readonly server: ApiHost;
    readonly stream: Stream;
    readonly told: Told;
  },
): AsyncGenerator<Extract<Sighting, { kind: "changed" }>> {
  const { path, server, stream, told } = watch;
  try {
    for await (const line of linesOf(textOf(stream.response))) {
      const received = connection.clock.now();
      const { type, object } = parse(event, jsonOf(line), `watch ${path}`);
      if (type === "ERROR") throw refusedWatch(path, object);
      if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") continue;
      const sent = connection.sentAfter(server, received) ?? told.complete ?? received;
      told.change({ kind: type, object, size: line.length }, sent);
      // A list that did not show it yet was asked for before it was sent, too.
      const earliest = told.complete ?? sent;
      yield { kind: "changed", change: type, object, seen: spanOf(earliest, received), server };
    }
  } catch (error) {
    // The reason is better than "terminated", which is what its abort looks like in the stream.
    stream.life.throwIfAborted();
    throw error;
  } finally {
    stream.close();
  }
}

/** A list after a gap may show what happened at any moment of the gap. One that came too late is a gap, too. */
function bridging(listed: Omit<Listed, "interrupted">, ended: Ended, clock: Clock): Listed {
  const { complete, why, at } = ended;
  if (complete === null) return { ...listed, interrupted: null };
  const { latest } = listed.seen;
  const blind = between(at, latest);
  const late =
    blind > longer(BLIND, clock.floor.deadline)
      ? `there was no list for ${formatDuration(blind)}`
      : null;
  return { ...listed, seen: { earliest: complete, latest }, interrupted: why ?? late };
}

/** The first cause counts; a server that was left while it was well is none. */
function causeOf(error: unknown, told: Told, ended: Ended): string | null {
  if (told.listed === null && ended.why !== null) return ended.why;
  return error instanceof LeftInOrder ? null : describeError(error);
}

const hasEnded = (signal: AbortSignal): boolean => signal.aborted;
