import type { z } from "zod";
import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { AnyTable, Table } from "../../../twin/kubernetes/table.ts";
import { isObject, sameJson } from "./json.ts";
import { badRequest, conflict, invalid, notFound } from "./status-error.ts";

/** How a resource is called. */
export interface ResourceNames {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
  readonly categories: readonly string[];
  /** PUT makes it where it is not there, and needs the resourceVersion where it is (a Lease: registry/coordination/lease/strategy.go). */
  readonly createdByReplace: boolean;
}

/** One resource as the API serves it, whatever the type of its objects. */
export interface Resource extends ResourceNames {
  readonly table: AnyTable;
  /** As clients see a stored object (an Event looks different in its two groups). */
  readonly view: (object: KubeObject) => KubeObject;
  /** Checks, completes and stores a new object; `store` false: a dry run. */
  readonly create: (body: unknown, store: boolean) => KubeObject;
  /** Replaces spec and metadata, or only the status, of an object that exists. */
  readonly replace: (existing: KubeObject, body: unknown, part: "status" | "object") => KubeObject;
}

/** Makes one resource of a typed table. `admit` completes a new or changed object; it may refuse by throwing. */
export function defineResource<T extends KubeObject>(
  names: ResourceNames,
  table: Table<T>,
  given: {
    readonly schema: z.ZodType<T>;
    readonly admit?: (object: T, previous: T | null) => T;
    readonly view?: (object: KubeObject) => KubeObject;
  },
): Resource {
  const admit = given.admit ?? ((object: T): T => object);
  return {
    ...names,
    table,
    view: given.view ?? ((object) => object),
    create: (body, store) => {
      const object = parse(names, given.schema, body);
      const fresh = admit(
        { ...object, metadata: { ...object.metadata, generation: generationOf(object, null) } },
        null,
      );
      return store ? table.create(fresh) : fresh;
    },
    replace: (existing, body, part) => {
      const { namespace = "", name } = existing.metadata;
      const stored = table.get(namespace, name);
      if (stored === undefined) throw notFound(names, name);
      const wanted = parse(names, given.schema, body);
      checkRevision(names, stored, wanted.metadata.resourceVersion);
      const next = admit(
        part === "status" ? withStatus(stored, wanted) : merged(stored, wanted),
        stored,
      );
      return sameJson(next, stored) ? stored : table.update(next);
    },
  };
}

function parse<T extends KubeObject>(names: ResourceNames, schema: z.ZodType<T>, body: unknown): T {
  if (!isObject(body)) throw badRequest("the object provided is unrecognized: not a JSON object");
  const apiVersion = names.group === "" ? names.version : `${names.group}/${names.version}`;
  const { apiVersion: givenVersion = apiVersion, kind = names.kind } = body;
  if (givenVersion !== apiVersion || kind !== names.kind) {
    throw badRequest(
      `${names.kind} in version "${names.version}" cannot be handled as a ${names.kind}: the object is ${String(givenVersion)} ${String(kind)}`,
    );
  }
  const parsed = schema.safeParse({ ...body, apiVersion, kind });
  if (parsed.success) return parsed.data;
  const { metadata } = body;
  const name = isObject(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : "";
  throw invalid(
    qualified(names),
    name,
    parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message })),
  );
}

const qualified = ({ group, kind }: ResourceNames): string =>
  group === "" ? kind : `${kind}.${group}`;

function checkRevision(names: ResourceNames, stored: KubeObject, wanted: string): void {
  if (wanted === "" && names.createdByReplace) {
    throw invalid(qualified(names), stored.metadata.name, [
      {
        field: "metadata.resourceVersion",
        message: "Invalid value: 0x0: must be specified for an update",
      },
    ]);
  }
  if (wanted === "" || wanted === stored.metadata.resourceVersion) return;
  throw conflict(
    names,
    stored.metadata.name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

const generationOf = (object: KubeObject, previous: KubeObject | null): number | undefined => {
  if (object["spec"] === undefined) return undefined;
  if (previous === null) return 1;
  const generation = previous.metadata.generation ?? 1;
  return sameJson(object["spec"], previous["spec"]) ? generation : generation + 1;
};

/** What a client may not change stays: identity, stamps, the deletion that is under way, the status. */
function merged<T extends KubeObject>(stored: T, wanted: T): T {
  const { metadata } = stored;
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      creationTimestamp: metadata.creationTimestamp,
      deletionTimestamp: metadata.deletionTimestamp,
      deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
      generation: metadata.generation === undefined ? undefined : generationOf(wanted, stored),
    },
    ...(stored["status"] !== undefined && { status: stored["status"] }),
  };
}

const withStatus = <T extends KubeObject>(stored: T, wanted: T): T => ({
  ...stored,
  ...(wanted["status"] !== undefined && { status: wanted["status"] }),
});
