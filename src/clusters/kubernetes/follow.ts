import type { Span } from "../../base/interval.ts";
import type { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import type { Collection, Sighting } from "../../clients/kubernetes/list-and-watch.ts";
import { listAndWatch } from "../../clients/kubernetes/list-and-watch.ts";

/** What is done with each object of a collection as it changes. */
export interface Follower<T extends { readonly name: string }> {
  readonly collection: Collection;
  readonly read: (object: unknown) => T;
  /** `before` is undefined for a new one; `baseline` is the very first list, which is how things were. */
  readonly changed: (change: {
    readonly before: T | undefined;
    readonly now: T;
    readonly seen: Span;
    readonly baseline: boolean;
  }) => void;
  readonly gone: (before: T, seen: Span) => void;
  /** The watch was lost, and is whole again. */
  readonly gap: (seen: Span, why: string, server: string) => void;
}

/** Follows one collection until `signal` is aborted, across lost watches: after each, old and new are compared. */
export async function follow<T extends { readonly name: string }>(
  connection: KubernetesConnection,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  let known: Map<string, T> | null = null;
  for await (const sighting of listAndWatch(connection, follower.collection, signal)) {
    if (sighting.kind === "listed") known = compare(known, sighting, follower);
    else if (known !== null) update(known, sighting, follower);
  }
}

function compare<T extends { readonly name: string }>(
  before: Map<string, T> | null,
  { objects, seen, interrupted, server }: Extract<Sighting, { kind: "listed" }>,
  follower: Follower<T>,
): Map<string, T> {
  if (interrupted !== null && before !== null) follower.gap(seen, interrupted, server.url);
  const now = new Map(
    objects.map((object) => follower.read(object)).map((each) => [each.name, each]),
  );
  for (const each of now.values()) {
    const old = before?.get(each.name);
    follower.changed({ before: old, now: each, seen, baseline: before === null });
  }
  for (const old of before?.values() ?? []) {
    if (!now.has(old.name)) follower.gone(old, seen);
  }
  return now;
}

function update<T extends { readonly name: string }>(
  known: Map<string, T>,
  { change, object, seen }: Extract<Sighting, { kind: "changed" }>,
  follower: Follower<T>,
): void {
  const now = follower.read(object);
  const before = known.get(now.name);
  if (change === "DELETED") {
    known.delete(now.name);
    // Its last state may tell more than the one before it: a deletion that was not seen yet.
    follower.gone(now, seen);
    return;
  }
  known.set(now.name, now);
  follower.changed({ before, now, seen, baseline: false });
}
