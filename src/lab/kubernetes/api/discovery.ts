import { KUBERNETES_VERSION } from "../../../twin/kubernetes/initial-objects.ts";
import type { Resource } from "./resource.ts";
import { groupVersionOf } from "./resources.ts";

const VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
] as const;

/** Groups that have verbs but no stored objects. */
const VIRTUAL: readonly {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly unknown[];
}[] = [
  {
    group: "authorization.k8s.io",
    version: "v1",
    resources: [
      {
        name: "selfsubjectaccessreviews",
        singularName: "",
        namespaced: false,
        kind: "SelfSubjectAccessReview",
        verbs: ["create"],
      },
    ],
  },
];

/** `/version`, `/api`, `/apis` and below; null for every other path. */
export function discover(path: string, resources: readonly Resource[], address: string): unknown {
  const [root, ...rest] = path.split("/").filter((part) => part !== "");
  if (root === "version" && rest.length === 0) return VERSION;
  if (root === "apis") return discoverGroups(rest, resources);
  if (root !== "api") return null;
  if (rest.length > 0) {
    return rest.join("/") === "v1" ? resourceList("v1", resources) : null;
  }
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

function discoverGroups(rest: readonly string[], resources: readonly Resource[]): unknown {
  const [name, version] = rest;
  const groups = groupsOf(resources);
  if (rest.length === 0) {
    return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupEntry) };
  }
  const group = groups.find((each) => each.group === name);
  if (group === undefined || rest.length > 2) return null;
  if (version === undefined) return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
  return version === group.version ? resourceList(`${name}/${version}`, resources) : null;
}

const VERSION = {
  major: "1",
  minor: "20",
  gitVersion: KUBERNETES_VERSION,
  gitCommit: "faecb196815e248d3ecfb03c680a4507229c2a56",
  gitTreeState: "clean",
  buildDate: "2021-01-13T13:20:00Z",
  goVersion: "go1.15.5",
  compiler: "gc",
  platform: "linux/amd64",
};

interface Group {
  readonly group: string;
  readonly version: string;
}

function groupsOf(resources: readonly Resource[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { group, version } of [...resources, ...VIRTUAL]) {
    if (group !== "") groups.set(group, { group, version });
  }
  return [...groups.values()];
}

function groupEntry({ group, version }: Group): Readonly<Record<string, unknown>> {
  const entry = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [entry], preferredVersion: entry };
}

function resourceList(groupVersion: string, resources: readonly Resource[]): unknown {
  const own = resources.filter((each) => groupVersionOf(each) === groupVersion);
  const virtual = VIRTUAL.find((each) => `${each.group}/${each.version}` === groupVersion);
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: [...own.flatMap(entriesOf), ...(virtual?.resources ?? [])],
  };
}

/** The kinds of subresources that are not their parent's own kind. */
const SUBRESOURCE_KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  eviction: { group: "policy", version: "v1beta1", kind: "Eviction" },
  scale: { group: "autoscaling", version: "v1", kind: "Scale" },
  binding: { kind: "Binding" },
  proxy: { kind: "NodeProxyOptions" },
};

function entriesOf(resource: Resource): readonly unknown[] {
  const { plural, kind, namespaced, shortNames, categories } = resource;
  const main = {
    name: plural,
    singularName: "",
    namespaced,
    kind,
    verbs: VERBS,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
  const subresources = resource.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    kind,
    ...SUBRESOURCE_KINDS[name],
    verbs: name === "eviction" || name === "binding" ? ["create"] : ["get", "patch", "update"],
  }));
  return [main, ...subresources];
}
