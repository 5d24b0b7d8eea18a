import { seconds } from "../../../base/time.ts";
import type { StoreEvent } from "../../../twin/kubernetes/table.ts";
import { presentationFor } from "./presentation.ts";
import { matcherOf } from "./read-operations.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import type { Matches } from "./selectors.ts";
import { badRequest, gone, statusOf } from "./status-error.ts";
import type { Target } from "./target.ts";

/** A watch without its own limit ends after this; the API server takes a random time from 30 to 60 minutes. */
const DEFAULT_TIMEOUT_S = 1800;
const BOOKMARK_S = 60;

/** Changes from a revision on, as a stream of events; without one (or 0) everything there is comes first, as ADDED. */
export function watchObjects(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { resource } = target;
  const matches = viewed(matcherOf(target, request.query), target);
  const from = revisionOf(request.query);
  const wantsBookmarks = isTrue(request.query.get("allowWatchBookmarks"));
  const timeout = Number(request.query.get("timeoutSeconds") ?? "0");
  return {
    kind: "watch",
    start: (write, end) => {
      world.catchUp();
      const stop = new AbortController();
      const tell = (type: string, object: Parameters<Matches>[0]): void => {
        const presentation = presentationFor(request, resource, world.wallSeconds());
        write({ type, object: presentation.one(resource.view(object)) });
      };
      const past = from === 0 ? [] : resource.table.since(from);
      if (past === null) {
        const error = gone(`too old resource version: ${from} (${world.twin.store.revision})`);
        write({ type: "ERROR", object: statusOf(error) });
        end();
        return () => undefined;
      }
      if (from === 0) {
        for (const object of resource.table.all()) if (matches(object)) tell("ADDED", object);
      }
      const pass = (event: StoreEvent): void => {
        const type = typeFor(event, matches);
        if (type !== null) tell(type, event.object);
      };
      for (const event of past) pass(event);
      const unsubscribe = resource.table.subscribe(pass);
      const bookmark = (): void => write(bookmarkOf(world, target));
      void runTimers(world, stop.signal, {
        limitS: timeout > 0 ? timeout : DEFAULT_TIMEOUT_S,
        bookmark: wantsBookmarks ? bookmark : null,
        end,
      });
      return () => {
        unsubscribe();
        stop.abort(new Error("the watch is over"));
      };
    },
  };
}

export const isTrue = (value: string | null): boolean => value === "true" || value === "1";

const viewed =
  (matches: Matches, target: Target): Matches =>
  (object) =>
    matches(target.resource.view(object));

function revisionOf(query: URLSearchParams): number {
  const text = query.get("resourceVersion") ?? "";
  const revision = text === "" ? 0 : Number(text);
  if (Number.isSafeInteger(revision) && revision >= 0) return revision;
  throw badRequest(`Invalid value: "${text}": resourceVersion is not a number`);
}

/** An object that a change takes into or out of the selection comes and goes for this watch. */
function typeFor(event: StoreEvent, matches: Matches): StoreEvent["type"] | null {
  const isIn = matches(event.object);
  const wasIn = event.previous !== null && matches(event.previous);
  if (event.type === "DELETED") return wasIn || isIn ? "DELETED" : null;
  if (isIn) return wasIn ? "MODIFIED" : "ADDED";
  return wasIn ? "DELETED" : null;
}

function bookmarkOf(world: ApiWorld, target: Target): unknown {
  world.catchUp();
  const { group, version, kind } = target.resource;
  return {
    type: "BOOKMARK",
    object: {
      kind,
      apiVersion: group === "" ? version : `${group}/${version}`,
      metadata: { resourceVersion: String(world.twin.store.revision), creationTimestamp: null },
    },
  };
}

async function runTimers(
  world: ApiWorld,
  signal: AbortSignal,
  timers: {
    readonly limitS: number;
    readonly bookmark: (() => void) | null;
    readonly end: () => void;
  },
): Promise<void> {
  try {
    for (let left = timers.limitS; left > 0; left -= BOOKMARK_S) {
      await world.clock.sleep(seconds(Math.min(left, BOOKMARK_S)), signal);
      timers.bookmark?.();
    }
    timers.end();
  } catch {
    // The client went first.
  }
}
