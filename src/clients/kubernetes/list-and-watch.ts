import { z } from "zod";
import { describeError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { before, later, milliseconds } from "../../base/time.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { isHopeless } from "../shared/hopeless.ts";
import { parse } from "../shared/parse.ts";
import { jsonOf, textOf } from "../shared/response-body.ts";
import { KubernetesApiError, refusedWatch } from "./api-error.ts";
import type { KubernetesConnection } from "./connection.ts";
import { linesOf } from "./lines.ts";

/** The server ends a watch after this long, by which a forgotten one goes away; it is then opened again. */
const WATCH_SECONDS = 240;
/** Before it is tried again after a failure. Short, as every moment of it is blind. */
const PAUSE = milliseconds(200);

export interface Collection {
  /** `/api/v1/nodes`. */
  readonly path: string;
  /** `labelSelector=...`, or empty. */
  readonly query: string;
}

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

const list = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});
const event = z.looseObject({ type: z.string(), object: z.unknown() });

/**
 * What a collection holds, and then every change, until `signal` is aborted. Whatever ends a watch (the server's death,
 * 410 Gone, garbage), the next thing is a fresh list, whose span reaches back to when nothing can have been missed yet.
 * Rejects only where trying again cannot help: no rights, no trust.
 */
export async function* listAndWatch(
  connection: KubernetesConnection,
  collection: Collection,
  signal: AbortSignal,
): AsyncGenerator<Sighting> {
  let complete: Instant | null = null;
  let interrupted: string | null = null;
  while (!signal.aborted) {
    const state: { known: Instant | null; server: ApiHost | null } = {
      known: complete,
      server: null,
    };
    try {
      for await (const sighting of watchOnce(connection, collection, signal)) {
        yield sighting.kind === "listed"
          ? { ...sighting, interrupted, seen: reachingBack(sighting.seen, complete) }
          : sighting;
        state.known = sighting.seen.latest;
        state.server = sighting.server;
      }
      interrupted = null;
      complete = connection.clock.now();
    } catch (error) {
      if (hasEnded(signal)) return;
      if (isHopeless(error)) throw error;
      interrupted = describeError(error);
      complete = lastComplete(connection, state, error);
      await connection.clock.sleep(PAUSE, signal).catch(() => undefined);
    }
  }
}

async function* watchOnce(
  connection: KubernetesConnection,
  { path, query }: Collection,
  signal: AbortSignal,
): AsyncGenerator<
  Exclude<Sighting, { kind: "listed" }> | Omit<Extract<Sighting, { kind: "listed" }>, "interrupted">
> {
  const answer = await connection.request(
    { method: "GET", path: query === "" ? path : `${path}?${query}` },
    signal,
  );
  const { server } = answer;
  const { metadata, items } = parse(list, answer.data, `GET ${path}`);
  const seen = { earliest: answer.sent, latest: answer.received };
  yield { kind: "listed", objects: items, seen, server };
  const options = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(metadata.resourceVersion)}`;
  const following = `${path}?${query === "" ? "" : `${query}&`}${options}`;
  const { response, life, close } = await connection.stream(server, following, signal);
  try {
    for await (const line of linesOf(textOf(response))) {
      const received = connection.clock.now();
      const { type, object } = parse(event, jsonOf(line), `watch ${path}`);
      if (type === "ERROR") throw refusedWatch(path, object);
      if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") continue;
      const sent = before(received, connection.roundTrip(server));
      yield {
        kind: "changed",
        change: type,
        object,
        seen: { earliest: sent, latest: received },
        server,
      };
    }
  } catch (error) {
    // The reason is better than "terminated", which is what its abort looks like in the stream.
    life.throwIfAborted();
    throw error;
  } finally {
    close();
  }
}

/** A list after a gap may show what happened at any moment of the gap. */
const reachingBack = (seen: Span, complete: Instant | null): Span =>
  complete === null ? seen : { earliest: complete, latest: seen.latest };

/** A server that lived until a moment ago had sent everything until then; an expired version says nothing of the kind. */
function lastComplete(
  connection: KubernetesConnection,
  state: { readonly known: Instant | null; readonly server: ApiHost | null },
  error: unknown,
): Instant | null {
  const { known, server } = state;
  if (known === null || server === null || error instanceof KubernetesApiError) return known;
  const sign = connection.lastSign(server);
  return sign === null ? known : later(known, sign);
}

const hasEnded = (signal: AbortSignal): boolean => signal.aborted;
