import type { Core } from "./core.ts";
import { deleteObject } from "./garbage-collector.ts";
import { isTerminating, namespaceOf } from "./metadata.ts";
import type { KubeObject } from "./objects.ts";
import type { Scope } from "./scope.ts";

/** Empties a namespace that is Terminating, and removes it when nothing is left: not before every pod's node said so. */
export function startNamespaceDeletion(core: Core, scope: Scope): void {
  const { store } = core;
  const enqueue = scope.queue((name) => {
    const namespace = store.namespaces.get("", name);
    if (namespace === undefined || !isTerminating(namespace)) return;
    for (const table of store.namespaced()) {
      for (const object of table.all()) {
        if (namespaceOf(object) === name && !isTerminating(object))
          deleteObject(core, table, object);
      }
    }
    // The controller hears of every object that goes; the last one ends the namespace.
    const left = store
      .namespaced()
      .some((table) => table.all().some((object) => namespaceOf(object) === name));
    if (!left) store.namespaces.remove(namespace);
  });
  scope.onEnd(store.namespaces.subscribe(({ object }) => enqueue(object.metadata.name)));
  const whenGone = ({ type, object }: { type: string; object: KubeObject }): void => {
    const name = namespaceOf(object);
    const namespace = store.namespaces.get("", name);
    if (type === "DELETED" && namespace !== undefined && isTerminating(namespace)) enqueue(name);
  };
  for (const table of store.namespaced()) scope.onEnd(table.subscribe(whenGone));
  for (const namespace of store.namespaces.all()) enqueue(namespace.metadata.name);
}
