import type { KubeObject, ObjectMeta } from "./objects.ts";

export interface StoreEvent<T extends KubeObject = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  /** For `DELETED` the last state, with the revision of the deletion. */
  readonly object: T;
  readonly previous: T | null;
}

/** A table of whatever resource, for those who treat all alike (methods, so that every `Table` is one). */
export interface AnyTable {
  readonly resource: string;
  readonly size: number;
  get(namespace: string, name: string): KubeObject | undefined;
  all(): readonly KubeObject[];
  update(object: KubeObject): KubeObject;
  remove(object: KubeObject): KubeObject;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  since(revision: number): readonly StoreEvent[] | null;
}

/** What all tables of one store share: etcd's revision and the stamps of new objects. */
export interface StoreContext {
  /** The next revision of the whole store. */
  readonly nextRevision: () => number;
  readonly uid: () => string;
  readonly stamp: () => string;
}

/** How many changes a watch may be behind before it hears 410 Gone; the API server's watch cache works alike. */
const HISTORY_LIMIT = 500;

/** All objects of one resource, with a bounded history of their changes. Objects are never changed, only replaced. */
export class Table<T extends KubeObject> {
  readonly resource: string;
  readonly #context: StoreContext;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<(event: StoreEvent<T>) => void>();
  /** All objects, until the next change. */
  #snapshot: readonly T[] | null = null;
  #history: StoreEvent<T>[] = [];
  /** Changes up to this revision are forgotten. */
  #forgotten = 0;

  constructor(resource: string, context: StoreContext) {
    this.resource = resource;
    this.#context = context;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** In order of creation, as they are now: later changes do not show in it. */
  all(): readonly T[] {
    this.#snapshot ??= [...this.#objects.values()];
    return this.#snapshot;
  }

  /** The object as stored: with uid, revision and creation stamp. Whoever creates has checked that the name is free. */
  create(object: T): T {
    const revision = this.#context.nextRevision();
    const stored: T = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: this.#context.uid(),
        resourceVersion: String(revision),
        creationTimestamp: this.#context.stamp(),
      },
    };
    this.#objects.set(keyOf(stored.metadata), stored);
    this.#tell({ type: "ADDED", revision, object: stored, previous: null });
    return stored;
  }

  /** Replaces what has the same name; does nothing when that is gone. */
  update(object: T): T {
    const key = keyOf(object.metadata);
    const previous = this.#objects.get(key);
    if (previous?.metadata.uid !== object.metadata.uid) return object;
    const revision = this.#context.nextRevision();
    const stored = atRevision(object, revision);
    this.#objects.set(key, stored);
    this.#tell({ type: "MODIFIED", revision, object: stored, previous });
    return stored;
  }

  remove(object: T): T {
    const key = keyOf(object.metadata);
    const previous = this.#objects.get(key);
    if (previous?.metadata.uid !== object.metadata.uid) return object;
    const revision = this.#context.nextRevision();
    const last = atRevision(previous, revision);
    this.#objects.delete(key);
    this.#tell({ type: "DELETED", revision, object: last, previous });
    return last;
  }

  subscribe(listener: (event: StoreEvent<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every change after `revision`; null when some of them are forgotten. */
  since(revision: number): readonly StoreEvent<T>[] | null {
    if (revision < this.#forgotten) return null;
    return this.#history.filter((event) => event.revision > revision);
  }

  #tell(event: StoreEvent<T>): void {
    this.#snapshot = null;
    this.#history.push(event);
    if (this.#history.length > 2 * HISTORY_LIMIT) {
      this.#forgotten = this.#history[HISTORY_LIMIT - 1]?.revision ?? 0;
      this.#history = this.#history.slice(HISTORY_LIMIT);
    }
    for (const listener of this.#listeners) listener(event);
  }
}

const keyOf = (metadata: ObjectMeta): string => `${metadata.namespace ?? ""}/${metadata.name}`;

const atRevision = <T extends KubeObject>(object: T, revision: number): T => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});
