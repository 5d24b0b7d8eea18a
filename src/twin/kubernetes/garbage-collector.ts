import { seconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { isTerminating, withMetadata } from "./metadata.ts";
import type { KubeObject, Pod } from "./objects.ts";
import { deletePod } from "./pod-deletion.ts";
import type { Scope } from "./scope.ts";
import type { AnyTable } from "./table.ts";

const FOREGROUND = "foregroundDeletion";
/** How long a pod may stay bound to a node that does not exist (podgc's quarantine). */
const ORPHAN_QUARANTINE_S = 40;

/**
 * Removes what belongs to something that is gone: dependants of a deleted owner, owners that wait for their dependants
 * (foreground), and pods of deleted nodes.
 */
export function startGarbageCollector(core: Core, scope: Scope): void {
  const { store } = core;
  const owners: readonly AnyTable[] = [
    store.deployments,
    store.replicaSets,
    store.services,
    store.daemonSets,
  ];
  const collect = scope.queue((uid) => {
    for (const table of store.namespaced()) {
      for (const object of table.all()) {
        if (isOwnedBy(object, uid)) deleteObject(core, table, object);
      }
    }
  });
  const finishForeground = scope.queue(() => {
    for (const table of owners) {
      for (const object of table.all()) {
        if (!isTerminating(object) || !waitsForDependants(object)) continue;
        if (!hasDependants(core, object.metadata.uid)) table.remove(object);
      }
    }
  });
  for (const table of owners) {
    scope.onEnd(
      table.subscribe(({ type, object }) => {
        if (type === "DELETED" || (isTerminating(object) && waitsForDependants(object))) {
          collect(object.metadata.uid);
          finishForeground("all");
        }
      }),
    );
  }
  scope.onEnd(
    store.pods.subscribe(({ type }) => {
      if (type === "DELETED") finishForeground("all");
    }),
  );
  scope.onEnd(
    store.nodes.subscribe(({ type, object }) => {
      if (type === "DELETED") {
        scope.after(seconds(ORPHAN_QUARANTINE_S), () => removeOrphans(core, object.metadata.name));
      }
    }),
  );
}

/** Deletes any object the way DELETE with background propagation does. */
export function deleteObject(core: Core, table: AnyTable, object: KubeObject): KubeObject {
  const pod = core.store.pods.get(object.metadata.namespace ?? "", object.metadata.name);
  if (table.resource === "pods" && pod !== undefined) return deletePod(core, pod, undefined);
  return table.remove(object);
}

/** Marks an object to be removed after everything that it owns. */
export const inForeground = <T extends KubeObject>(core: Core, object: T): T =>
  withMetadata(object, {
    deletionTimestamp: core.stamps.seconds(),
    deletionGracePeriodSeconds: 0,
    finalizers: [FOREGROUND],
  });

const isOwnedBy = (object: KubeObject, uid: string): boolean =>
  object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;

const waitsForDependants = (object: KubeObject): boolean =>
  object.metadata.finalizers?.includes(FOREGROUND) === true;

const hasDependants = (core: Core, uid: string): boolean =>
  core.store.namespaced().some((table) => table.all().some((object) => isOwnedBy(object, uid)));

function removeOrphans(core: Core, node: string): void {
  if (core.store.nodes.get("", node) !== undefined) return;
  const orphans: Pod[] = core.store.pods.all().filter((pod) => pod.spec.nodeName === node);
  for (const pod of orphans) core.store.pods.remove(pod);
}
