import type { Span } from "../../base/interval.ts";
import type { Collection } from "../../clients/kubernetes/collection.ts";
import type { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import type { Sighting } from "../../clients/kubernetes/list-and-watch.ts";
import { listAndWatch } from "../../clients/kubernetes/list-and-watch.ts";
import { Unreadable } from "./unreadable.ts";

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
  /** The watch was lost, and is whole again; or something that it told could not be read. */
  readonly gap: (seen: Span, why: string, server: string) => void;
}

/** Follows one collection until `signal` is aborted, across lost watches: after each, old and new are compared. */
export async function follow<T extends { readonly name: string }>(
  connection: KubernetesConnection,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  let known: Map<string, T> | null = null;
  const unreadable = new Unreadable(connection.clock, follower.gap);
  const reading: Reading<T> = { ...follower, unreadable };
  try {
    for await (const sighting of listAndWatch(connection, follower.collection, signal)) {
      if (sighting.kind === "listed") known = compare(known, sighting, reading);
      else if (known !== null) update(known, sighting, reading);
      unreadable.tellDue();
    }
  } finally {
    unreadable.tellAll();
  }
}

interface Reading<T extends { readonly name: string }> extends Follower<T> {
  readonly unreadable: Unreadable;
}

function compare<T extends { readonly name: string }>(
  before: Map<string, T> | null,
  { objects, seen, interrupted, server }: Extract<Sighting, { kind: "listed" }>,
  follower: Reading<T>,
): Map<string, T> {
  if (interrupted !== null && before !== null) follower.gap(seen, interrupted, server.url);
  const read = objects.map((object) => readable(object, { seen, server }, follower));
  const now = new Map(read.flatMap((each) => (each === null ? [] : [[each.name, each] as const])));
  for (const each of now.values()) {
    const old = before?.get(each.name);
    follower.changed({ before: old, now: each, seen, baseline: before === null });
  }
  for (const old of before?.values() ?? []) {
    if (now.has(old.name)) continue;
    // It may be the one that could not be read.
    if (read.includes(null)) now.set(old.name, old);
    else follower.gone(old, seen);
  }
  return now;
}

function update<T extends { readonly name: string }>(
  known: Map<string, T>,
  { change, object, ...where }: Extract<Sighting, { kind: "changed" }>,
  follower: Reading<T>,
): void {
  const now = readable(object, where, follower);
  if (now === null) return;
  const { seen } = where;
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

/** Null: it is not what the API promises. What it would have told is part of a gap; the others are followed on. */
function readable<T extends { readonly name: string }>(
  object: unknown,
  { seen, server }: Pick<Sighting, "seen" | "server">,
  { read, unreadable }: Reading<T>,
): T | null {
  try {
    return read(object);
  } catch (error) {
    unreadable.add(error, seen, server.url);
    return null;
  }
}
