import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { ApiReply, ApiRequest, ApiWorld } from "./request.ts";
import { json } from "./request.ts";
import type { Matches } from "./selectors.ts";
import { parseFieldSelector, parseLabelSelector } from "./selectors.ts";
import { presentationFor } from "./presentation.ts";
import { badRequest, gone, notFound } from "./status-error.ts";
import type { Target } from "./target.ts";

/** The object a path names, as stored. */
export function objectAt(target: Target): KubeObject {
  const found = target.resource.table.get(target.namespace, target.name);
  if (found === undefined) throw notFound(target.resource, target.name);
  return found;
}

export function getObject(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const presentation = presentationFor(request, target.resource, world.wallSeconds());
  return json(presentation.one(target.resource.view(objectAt(target))));
}

/** What a list or watch asks for: namespace, name and both selectors. */
export function matcherOf(target: Target, query: URLSearchParams): Matches {
  const matchesLabels = parseLabelSelector(query.get("labelSelector") ?? "");
  const matchesFields = parseFieldSelector(query.get("fieldSelector") ?? "");
  return (object) =>
    (target.namespace === "" || object.metadata.namespace === target.namespace) &&
    (target.name === "" || object.metadata.name === target.name) &&
    matchesLabels(object) &&
    matchesFields(object);
}

export function listObjects(world: ApiWorld, target: Target, request: ApiRequest): ApiReply {
  const { resource } = target;
  const matches = matcherOf(target, request.query);
  const revision = world.twin.store.revision;
  const asked = Number(request.query.get("resourceVersion") ?? "0");
  if (asked > revision) {
    throw badRequest(`Too large resource version: ${asked}, current: ${revision}`);
  }
  const found = resource.table.all().filter((object) => matches(resource.view(object)));
  const ordered = found.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const page = pageOf(ordered, request.query, resource.table.since.bind(resource.table));
  const presentation = presentationFor(request, resource, world.wallSeconds());
  return json(
    presentation.list(page.objects.map(resource.view), {
      resourceVersion: String(page.revision ?? revision),
      continue: page.next === null ? undefined : encode(page.revision ?? revision, page.next),
      remainingItemCount: page.next === null ? undefined : page.left,
    }),
  );
}

const keyOf = (object: KubeObject): string =>
  `${object.metadata.namespace ?? ""}/${object.metadata.name}`;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** `limit` and `continue`: the token holds the revision of the first page and the key to go on after. */
function pageOf(
  ordered: readonly KubeObject[],
  query: URLSearchParams,
  since: (revision: number) => readonly unknown[] | null,
): {
  readonly objects: readonly KubeObject[];
  readonly next: string | null;
  readonly left: number;
  readonly revision: number | null;
} {
  const limit = Number(query.get("limit") ?? "0");
  const token = query.get("continue") ?? "";
  const from = token === "" ? null : decode(token);
  if (from !== null && since(from.revision) === null) {
    throw gone(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
    );
  }
  const rest = from === null ? ordered : ordered.filter((each) => keyOf(each) > from.key);
  const objects = limit > 0 ? rest.slice(0, limit) : rest;
  const last = objects.at(-1);
  const left = rest.length - objects.length;
  return {
    objects,
    left,
    next: left > 0 && last !== undefined ? keyOf(last) : null,
    revision: from?.revision ?? null,
  };
}

const encode = (revision: number, key: string): string =>
  Buffer.from(`${revision}:${key}`, "utf8").toString("base64url");

function decode(token: string): { readonly revision: number; readonly key: string } {
  const found = /^(?<revision>\d+):(?<key>.*)$/u.exec(
    Buffer.from(token, "base64url").toString("utf8"),
  )?.groups;
  if (found === undefined)
    throw badRequest("continue key is not valid: it is no token of this server");
  return { revision: Number(found["revision"]), key: found["key"] ?? "" };
}
