import { parse as parseYaml } from "yaml";
import { suffixFrom } from "../../../twin/kubernetes/identifiers.ts";
import { isTerminating } from "../../../twin/kubernetes/metadata.ts";
import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import { applyJsonPatch } from "./json-patch.ts";
import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { applyMergePatch, applyStrategicMergePatch } from "./merge-patch.ts";
import { presentationFor } from "./presentation.ts";
import { objectAt } from "./read-operations.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import type { Resource } from "./resource.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  forbidden,
  invalid,
  notFound,
  StatusError,
  uidMismatch,
} from "./status-error.ts";
import type { Target } from "./target.ts";

/** JSON, or the YAML that server-side apply sends. This API does not speak protobuf. */
export function bodyOf(request: ApiRequest): unknown {
  if (/protobuf/u.test(request.contentType)) throw unsupported(request.contentType, JSON_TYPES);
  try {
    if (/yaml/u.test(request.contentType)) return parseYaml(request.body);
    return request.body === "" ? {} : JSON.parse(request.body);
  } catch {
    throw badRequest("the object provided is unrecognized: the body is neither JSON nor YAML");
  }
}

const JSON_TYPES = ["application/json", "application/yaml"];

const unsupported = (contentType: string, accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}; it is ${contentType}`,
  );

export function createObject(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const body = bodyOf(request);
  if (!isObject(body)) throw badRequest("the body is not a JSON object");
  const created = createFrom(world, target, { body, name: "", dryRun: isDryRun(request) });
  return shown(world, target.resource, request, { object: created, code: 201 });
}

export const isDryRun = (request: ApiRequest): boolean => request.query.get("dryRun") === "All";

function createFrom(
  world: ApiWorld,
  target: Target,
  given: { readonly body: JsonObject; readonly name: string; readonly dryRun: boolean },
): KubeObject {
  const { resource, namespace } = target;
  const metadata = isObject(given.body["metadata"]) ? given.body["metadata"] : {};
  const name = nameFor(world, resource, {
    ...metadata,
    ...(given.name !== "" && { name: given.name }),
  });
  if (resource.namespaced) checkNamespace(world, target, metadata["namespace"]);
  if (resource.table.get(namespace, name) !== undefined) throw alreadyExists(resource, name);
  const own = { ...metadata, name, namespace: resource.namespaced ? namespace : undefined };
  return resource.create(
    { ...given.body, metadata: { ...own, uid: "", resourceVersion: "", deletionTimestamp: null } },
    !given.dryRun,
  );
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/u;

function nameFor(world: ApiWorld, resource: Resource, metadata: JsonObject): string {
  const { name, generateName } = metadata;
  const generated =
    typeof generateName === "string" && generateName !== ""
      ? `${generateName}${suffixFrom(world.twin.core.random)}`
      : "";
  const chosen = typeof name === "string" && name !== "" ? name : generated;
  if (chosen === "") {
    throw invalid(resource.kind, "", [
      { field: "metadata.name", message: "Required value: name or generateName is required" },
    ]);
  }
  if (NAME.test(chosen)) return chosen;
  throw invalid(resource.kind, chosen, [
    {
      field: "metadata.name",
      message: `Invalid value: "${chosen}": a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
    },
  ]);
}

function checkNamespace(world: ApiWorld, target: Target, given: unknown): void {
  const { resource, namespace } = target;
  if (namespace === "") throw badRequest("an empty namespace may not be set during creation");
  if (given !== undefined && given !== "" && given !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  const existing = world.twin.store.namespaces.get("", namespace);
  if (existing === undefined) throw notFound({ group: "", plural: "namespaces" }, namespace);
  if (isTerminating(existing)) {
    throw forbidden(
      resource,
      "",
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
  }
}

export function replaceObject(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { resource, namespace, name } = target;
  const body = bodyOf(request);
  const existing = resource.table.get(namespace, name);
  if (existing !== undefined || resource.createdByReplace) {
    checkUid(resource, name, { given: body, found: existing?.metadata.uid ?? "" });
  }
  if (existing === undefined && resource.createdByReplace && isObject(body)) {
    const given = { body, name, dryRun: isDryRun(request) };
    return shown(world, resource, request, { object: createFrom(world, target, given), code: 201 });
  }
  const replaced = resource.replace(objectAt(target), body, partOf(target));
  return shown(world, resource, request, { object: replaced, code: 200 });
}

/** Who names an object by its UID means no other one, and none that is yet to be made. */
function checkUid(
  resource: Resource,
  name: string,
  { given, found }: { readonly given: unknown; readonly found: string },
): void {
  const metadata = isObject(given) ? given["metadata"] : undefined;
  const uid = isObject(metadata) ? metadata["uid"] : undefined;
  if (typeof uid !== "string" || uid === "" || uid === found) return;
  throw conflict(resource, name, uidMismatch(uid, found));
}

const partOf = (target: Target): "status" | "object" =>
  target.subresource === "status" ? "status" : "object";

export function patchObject(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { resource } = target;
  const patch = bodyOf(request);
  const existing = resource.table.get(target.namespace, target.name);
  if (existing === undefined) {
    if (!/apply-patch/u.test(request.contentType) || !isObject(patch)) {
      throw notFound(resource, target.name);
    }
    const given = { body: patch, name: target.name, dryRun: isDryRun(request) };
    return shown(world, resource, request, { object: createFrom(world, target, given), code: 201 });
  }
  const merge = mergeFor(request.contentType);
  // A patch that came over the wire knows no undefined: the stored object is read the way it is sent.
  const before: unknown = JSON.parse(JSON.stringify(existing));
  const wanted = merge(before, patch);
  if (isDryRun(request)) return json(wanted);
  const patched = resource.replace(existing, wanted, partOf(target));
  return shown(world, resource, request, { object: patched, code: 200 });
}

type Merge = (document: unknown, patch: unknown) => unknown;

const MERGES: ReadonlyMap<string, Merge> = new Map([
  ["application/json-patch+json", applyJsonPatch],
  ["application/merge-patch+json", applyMergePatch],
  ["application/strategic-merge-patch+json", applyStrategicMergePatch],
  ["application/apply-patch+yaml", applyStrategicMergePatch],
]);

function mergeFor(contentType: string): Merge {
  const merge = MERGES.get(contentType.split(";", 1)[0]?.trim() ?? "");
  if (merge !== undefined) return merge;
  throw unsupported(contentType, [...MERGES.keys()]);
}

function shown(
  world: ApiWorld,
  resource: Resource,
  request: ApiRequest,
  result: { readonly object: KubeObject; readonly code: number },
): ApiReply {
  const presentation = presentationFor(request, resource, world.wallSeconds());
  return json(presentation.one(resource.view(result.object)), result.code);
}
