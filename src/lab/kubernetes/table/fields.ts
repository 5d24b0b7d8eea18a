import { isObject } from "../api/json.ts";

/** Whatever lies at a path of an object; undefined where the way ends. */
export function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (Array.isArray(found) && typeof key === "number") found = found[key];
    else found = isObject(found) ? found[key] : undefined;
  }
  return found;
}

export const text = (value: unknown, otherwise = "<none>"): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : otherwise;

export const count = (value: unknown): number => (typeof value === "number" ? value : 0);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const joined = (values: readonly unknown[]): string =>
  values.length === 0 ? "<none>" : values.map((value) => text(value)).join(",");

/** `app=web,tier=front`, of a map of labels. */
export const labelText = (value: unknown): string =>
  isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value)
        .map(([key, each]) => `${key}=${text(each, "")}`)
        .join(",")
    : "<none>";
