import { inForeground } from "../../../twin/kubernetes/garbage-collector.ts";
import { isTerminating, withMetadata } from "../../../twin/kubernetes/metadata.ts";
import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import { deletePod } from "../../../twin/kubernetes/pod-deletion.ts";
import { isObject } from "./json.ts";
import { presentationFor } from "./presentation.ts";
import { matcherOf, objectAt } from "./read-operations.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import type { Resource } from "./resource.ts";
import { conflict, forbidden, uidMismatch } from "./status-error.ts";
import type { Target } from "./target.ts";
import { bodyOf, isDryRun } from "./write-operations.ts";

export function deleteObjectAt(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const existing = objectAt(target);
  const left = deleteOne(world, target.resource, existing, optionsOf(request));
  if (left !== null) return json(target.resource.view(left));
  return json({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: existing.metadata.name,
      group: target.resource.group === "" ? undefined : target.resource.group,
      kind: target.resource.plural,
      uid: existing.metadata.uid,
    },
  });
}

export function deleteCollection(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { resource } = target;
  const matches = matcherOf(target, request.query);
  const found = resource.table.all().filter((object) => matches(resource.view(object)));
  for (const object of found) deleteOne(world, resource, object, optionsOf(request));
  const presentation = presentationFor(request, resource, world.wallSeconds());
  const resourceVersion = String(world.twin.store.revision);
  return json(presentation.list(found.map(resource.view), { resourceVersion }));
}

interface Preconditions {
  readonly uid: string | null;
  readonly resourceVersion: string | null;
}

export interface DeleteOptions {
  readonly grace: number | undefined;
  readonly propagation: string;
  readonly preconditions: Preconditions;
  readonly dryRun: boolean;
}

export function optionsOf(request: ApiRequest): DeleteOptions {
  const body = bodyOf(request);
  const given = isObject(body) ? body : {};
  const grace = given["gracePeriodSeconds"] ?? request.query.get("gracePeriodSeconds");
  const propagation = given["propagationPolicy"] ?? request.query.get("propagationPolicy");
  const preconditions = isObject(given["preconditions"]) ? given["preconditions"] : {};
  const { uid, resourceVersion } = preconditions;
  return {
    grace: grace === null ? undefined : Number(grace),
    propagation: typeof propagation === "string" ? propagation : "Background",
    preconditions: {
      uid: typeof uid === "string" ? uid : null,
      resourceVersion: typeof resourceVersion === "string" ? resourceVersion : null,
    },
    dryRun: isDryRun(request),
  };
}

/** What is left of it for now: null when it is gone. */
export function deleteOne(
  world: ApiWorld,
  resource: Resource,
  object: KubeObject,
  options: DeleteOptions,
): KubeObject | null {
  const { store, core } = world.twin;
  const { name, namespace = "", uid } = object.metadata;
  checkPreconditions(resource, object, options.preconditions);
  if (options.dryRun) return object;
  const pod = resource.plural === "pods" ? store.pods.get(namespace, name) : undefined;
  if (pod !== undefined) {
    const left = deletePod(core, pod, options.grace);
    return store.pods.get(namespace, name) === undefined ? null : left;
  }
  if (resource.plural === "namespaces") return terminateNamespace(world, name);
  if (options.propagation === "Orphan") orphan(world, uid);
  if (options.propagation === "Foreground" && resource.categories.includes("all")) {
    return resource.table.update(inForeground(core, object));
  }
  resource.table.remove(object);
  return null;
}

/** Only the very object that the client has seen, in the state in which it was seen. */
function checkPreconditions(
  resource: Resource,
  { metadata }: KubeObject,
  { uid, resourceVersion }: Preconditions,
): void {
  const { name } = metadata;
  if (uid !== null && uid !== metadata.uid) {
    throw conflict(resource, name, uidMismatch(uid, metadata.uid));
  }
  if (resourceVersion !== null && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      resource,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function terminateNamespace(world: ApiWorld, name: string): KubeObject | null {
  const { namespaces } = world.twin.store;
  const namespace = namespaces.get("", name);
  if (namespace === undefined) return null;
  if (name === "default" || name.startsWith("kube-")) {
    throw forbidden({ group: "", plural: "namespaces" }, name, "this namespace may not be deleted");
  }
  if (isTerminating(namespace)) return namespace;
  const deletionTimestamp = world.twin.core.stamps.seconds();
  return namespaces.update({
    ...withMetadata(namespace, { deletionTimestamp }),
    status: { phase: "Terminating" },
  });
}

/** What it owned lives on without an owner. */
function orphan(world: ApiWorld, uid: string): void {
  for (const { table } of world.resources) {
    for (const object of table.all()) {
      const owners = object.metadata.ownerReferences;
      if (owners?.some((owner) => owner.uid === uid) !== true) continue;
      const left = owners.filter((owner) => owner.uid !== uid);
      table.update(withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left }));
    }
  }
}
