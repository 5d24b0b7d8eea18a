import { parseAllDocuments } from "yaml";
import { z } from "zod";

/** What a call to the Kubernetes API needs, as its RBAC sees it. */
export interface Access {
  readonly verb: string;
  /** `apps/deployments`, `/nodes`, `/pods/eviction`; or the path of what is no resource. */
  readonly what: string;
  /** Empty for what lies in none. */
  readonly namespace: string;
  /** Empty where the call names no object. */
  readonly name: string;
}

/** What the API server makes of method and path (with its query). */
export function accessOf(method: string, path: string): Access {
  const [route = "", query = ""] = path.split("?");
  const found = resourceIn(route);
  if (found === null) return { verb: method.toLowerCase(), what: route, namespace: "", name: "" };
  const watch = new URLSearchParams(query).get("watch") === "true";
  return { verb: verbOf(method, found.name !== "", watch), ...found };
}

const RESOURCE = /^\/(?:api|apis\/([^/]+))\/v[^/]+\/(?:namespaces\/([^/]+)\/)?(.+)$/;

/** Null where the path is of no resource. */
function resourceIn(route: string): Omit<Access, "verb"> | null {
  const match = RESOURCE.exec(route);
  if (match === null) return null;
  const [, group = "", namespace = "", rest = ""] = match;
  const [resource, name = "", sub] = rest.split("/");
  const what = `${group}/${resource}${sub === undefined ? "" : `/${sub}`}`;
  // A namespace itself lies, to RBAC, in itself.
  return { what, namespace: what === "/namespaces" ? name : namespace, name };
}

function verbOf(method: string, named: boolean, watch: boolean): string {
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return named ? "delete" : "deletecollection";
  if (watch) return "watch";
  return named ? "get" : "list";
}

/** One thing that some role allows. */
export interface Permission {
  readonly role: string;
  readonly verb: string;
  readonly what: string;
  /** Null: everywhere. */
  readonly namespace: string | null;
  /** Empty: any. */
  readonly names: readonly string[];
}

const rule = z.strictObject({
  apiGroups: z.array(z.string()).default([]),
  resources: z.array(z.string()).default([]),
  resourceNames: z.array(z.string()).default([]),
  nonResourceURLs: z.array(z.string()).default([]),
  verbs: z.array(z.string()),
});
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(rule).default([]),
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }).optional(),
});

export type ManifestObject = z.infer<typeof object>;

export const objectsIn = (yaml: string): readonly ManifestObject[] =>
  parseAllDocuments(yaml).map((document) => object.parse(document.toJS()));

/** All that the roles of a manifest allow, one by one. */
export const permissionsIn = (objects: readonly ManifestObject[]): readonly Permission[] =>
  objects.flatMap(({ kind, metadata, rules }) =>
    rules.flatMap(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) =>
      [
        ...apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
        ...nonResourceURLs,
      ].flatMap((what) =>
        verbs.map((verb) => ({
          role: `${kind} ${metadata.name}`,
          verb,
          what,
          namespace: kind === "Role" ? (metadata.namespace ?? "") : null,
          names: resourceNames,
        })),
      ),
    ),
  );

/** Exactly, without wildcards: nobody needs them here. */
export const allows = (permission: Permission, wanted: Access): boolean =>
  permission.verb === wanted.verb &&
  permission.what === wanted.what &&
  (permission.namespace === null || permission.namespace === wanted.namespace) &&
  (permission.names.length === 0 || permission.names.includes(wanted.name));
