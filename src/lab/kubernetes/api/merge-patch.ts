import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";

/** RFC 7386: null removes, lists are replaced. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/**
 * By which field the elements of a list are told apart (patchMergeKey of the Go types); other lists are replaced, among
 * them a node's taints and a pod's tolerations.
 */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  ports: ["containerPort", "port"],
  volumeMounts: ["mountPath"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
  conditions: ["type"],
  addresses: ["type"],
  ownerReferences: ["uid"],
};
/** Lists of plain values that are merged as sets. */
const SETS: ReadonlySet<string> = new Set(["finalizers"]);

/** Kubernetes' strategic merge: like a merge patch, but known lists are merged element by element, with directives. */
export function applyStrategicMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const result: Record<string, unknown> = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$deleteFromPrimitiveList/")) {
      const field = key.slice(key.indexOf("/") + 1);
      result[field] = listOf(result[field]).filter((each) => !listOf(value).includes(each));
    } else if (key.startsWith("$")) continue;
    else if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = mergeLists(key, listOf(result[key]), value);
    else result[key] = applyStrategicMergePatch(result[key], value);
  }
  return result;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function mergeLists(
  field: string,
  existing: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  if (SETS.has(field)) return [...new Set([...existing, ...patch])];
  const mergeKey = MERGE_KEYS[field]?.find((key) =>
    patch.some((each) => isObject(each) && key in each),
  );
  const elements = patch.filter(isObject);
  const replaces = elements.some((each) => each["$patch"] === "replace");
  if (mergeKey === undefined || replaces) {
    return patch.filter((each) => !(isObject(each) && each["$patch"] === "replace"));
  }
  return elements.reduce((list, each) => mergeElement(list, each, mergeKey), existing);
}

function mergeElement(
  list: readonly unknown[],
  patch: JsonObject,
  mergeKey: string,
): readonly unknown[] {
  const index = list.findIndex((each) => isObject(each) && each[mergeKey] === patch[mergeKey]);
  if (patch["$patch"] === "delete") return index < 0 ? list : list.toSpliced(index, 1);
  if (index < 0) return [...list, withoutDirectives(patch)];
  return list.toSpliced(index, 1, applyStrategicMergePatch(list[index], patch));
}

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(patch).filter(([key, value]) => !key.startsWith("$") && value !== null),
  );
