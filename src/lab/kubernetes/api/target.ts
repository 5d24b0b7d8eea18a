import { pageNotFound } from "./status-error.ts";
import type { Resource } from "./resource.ts";

/** What a path under /api/v1 or /apis/<group>/<version> names. */
export interface Target {
  readonly resource: Resource;
  /** Empty: cluster-wide, or over all namespaces. */
  readonly namespace: string;
  /** Empty: the collection. */
  readonly name: string;
  /** `status`, `proxy/configz`; empty: the object itself. */
  readonly subresource: string;
}

/** Null where the path names a group or a version, not a resource. */
export function parseTarget(path: string, resources: readonly Resource[]): Target | null {
  const found = /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)\/(?<rest>.+)$/u.exec(path);
  if (found?.groups === undefined) return null;
  const { group = "", version = "", rest = "" } = found.groups;
  const parts = rest.split("/").filter((part) => part !== "");
  const { namespace, tail } = splitNamespace(parts.map(decode));
  const [plural = "", name = "", ...subresource] = tail;
  const resource = resources.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  if (resource === undefined) throw pageNotFound();
  const isMisplaced = resource.namespaced ? namespace === "" && name !== "" : namespace !== "";
  if (isMisplaced) throw pageNotFound();
  return { resource, namespace, name, subresource: subresource.join("/") };
}

/** `namespaces/x/pods` is a namespace's pods; `namespaces/x` and `namespaces/x/status` are the namespace. */
function splitNamespace(rest: readonly string[]): {
  readonly namespace: string;
  readonly tail: readonly string[];
} {
  const isOwn = rest.length < 3 || rest[2] === "status" || rest[2] === "finalize";
  if (rest[0] !== "namespaces" || isOwn) return { namespace: "", tail: rest };
  return { namespace: rest[1] ?? "", tail: rest.slice(2) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw pageNotFound();
  }
}
