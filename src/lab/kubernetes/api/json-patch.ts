import { z } from "zod";
import { isObject, sameJson } from "./json.ts";
import { badRequest, invalid } from "./status-error.ts";

const operations = z.array(
  z.discriminatedUnion("op", [
    z.object({ op: z.literal("add"), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("replace"), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("test"), path: z.string(), value: z.unknown() }),
    z.object({ op: z.literal("remove"), path: z.string() }),
    z.object({ op: z.literal("move"), path: z.string(), from: z.string() }),
    z.object({ op: z.literal("copy"), path: z.string(), from: z.string() }),
  ]),
);

/** RFC 6902. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  const parsed = operations.safeParse(patch);
  if (!parsed.success)
    throw badRequest("error decoding patch: not a list of JSON patch operations");
  let result = document;
  for (const step of parsed.data) {
    const path = segments(step.path);
    switch (step.op) {
      case "add":
      case "replace":
        result = put(result, path, { value: step.value, insert: step.op === "add" });
        break;
      case "test":
        if (!sameJson(read(result, path), step.value)) {
          throw invalid("Patch", "", [{ field: step.path, message: "the value differs" }]);
        }
        break;
      case "remove":
        result = remove(result, path);
        break;
      case "move":
      case "copy": {
        const from = segments(step.from);
        const value = read(result, from);
        const rest = step.op === "move" ? remove(result, from) : result;
        result = put(rest, path, { value, insert: true });
        break;
      }
    }
  }
  return result;
}

const segments = (pointer: string): readonly string[] =>
  pointer === ""
    ? []
    : pointer
        .split("/")
        .slice(1)
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const missing = (key: string): Error =>
  invalid("Patch", "", [{ field: key, message: "the path does not exist" }]);

function read(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (Array.isArray(value) && Number(key) < value.length) value = value[Number(key)];
    else if (isObject(value) && key in value) value = value[key];
    else throw missing(key);
  }
  return value;
}

/** The document with `change` made at the parent of the path's last key; nothing is changed in place. */
function at(
  document: unknown,
  path: readonly string[],
  change: (parent: unknown, key: string) => unknown,
): unknown {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return change(document, key);
  if (Array.isArray(document)) {
    return document.map((each: unknown, index) =>
      index === Number(key) ? at(each, rest, change) : each,
    );
  }
  if (!isObject(document) || !(key in document)) throw missing(key);
  return { ...document, [key]: at(document[key], rest, change) };
}

function put(
  document: unknown,
  path: readonly string[],
  given: { readonly value: unknown; readonly insert: boolean },
): unknown {
  if (path.length === 0) return given.value;
  return at(document, path, (parent, key) => {
    if (Array.isArray(parent)) {
      const index = key === "-" ? parent.length : Number(key);
      if (!(index >= 0 && index <= parent.length)) throw missing(key);
      return parent.toSpliced(index, given.insert ? 0 : 1, given.value);
    }
    if (!isObject(parent)) throw missing(key);
    if (!given.insert && !(key in parent)) throw missing(key);
    return { ...parent, [key]: given.value };
  });
}

const remove = (document: unknown, path: readonly string[]): unknown =>
  at(document, path, (parent, key) => {
    if (Array.isArray(parent) && Number(key) < parent.length) {
      return parent.toSpliced(Number(key), 1);
    }
    if (!isObject(parent) || !(key in parent)) throw missing(key);
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key));
  });
