import { assert } from "../../base/assert.ts";
import type { Account } from "./accounts.ts";
import type { ApiWorld } from "./api-world.ts";
import type { RawParameters } from "./parameters.ts";

/** One authenticated request on its way to the route that answers it. */
export interface Call {
  readonly world: ApiWorld;
  /** The node whose API was asked. */
  readonly asked: string;
  /** The node that does the work: `{node}` of the path, else the one asked. */
  readonly node: string;
  readonly account: Account;
  /** A parameter of the path. */
  readonly path: (name: string) => string;
  readonly input: RawParameters;
}

/** `extra` stands beside `data` in the body, as `total` does for lists of tasks. */
export interface Reply {
  readonly data: unknown;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Route {
  readonly method: Method;
  /** `/nodes/{node}/qemu/{vmid}/config`. */
  readonly template: string;
  /** ACL path (with the same placeholders) and privilege; null: any user. */
  readonly permission: readonly [path: string, privilege: string] | null;
  /** True: the node asked does it itself although the path names another (the console). */
  readonly stays?: boolean;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

interface Match {
  readonly route: Route;
  readonly path: ReadonlyMap<string, string>;
}

export type Router = (method: string, path: string) => Match | null;

/** Finds the route of a path; a literal segment wins over a placeholder when it stands earlier in the table. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, segments: route.template.split("/").slice(1) }));
  return (method, path) => {
    const asked = path.split("/").slice(1);
    for (const { route, segments } of compiled) {
      if (route.method !== method) continue;
      const values = matchSegments(segments, asked);
      if (values !== null) return { route, path: values };
    }
    return null;
  };
}

function matchSegments(
  segments: readonly string[],
  asked: readonly string[],
): ReadonlyMap<string, string> | null {
  if (segments.length !== asked.length) return null;
  const values = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const value = asked[index] ?? "";
    if (segment.startsWith("{")) {
      if (value === "") return null;
      values.set(segment.slice(1, -1), value);
    } else if (segment !== value) {
      return null;
    }
  }
  return values;
}

/** A template with its placeholders filled in. */
export const fillIn = (template: string, path: ReadonlyMap<string, string>): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = path.get(name);
    assert(value !== undefined, `the path has no {${name}}`);
    return value;
  });
