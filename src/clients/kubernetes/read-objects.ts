import { z } from "zod";
import type { Instant } from "../../base/time.ts";
import type { ApiHost } from "../../model/inventory.ts";
import { parse } from "../shared/parse.ts";
import type { Collection } from "./collection.ts";
import type { KubernetesConnection } from "./connection.ts";

export interface Objects {
  readonly objects: readonly unknown[];
  /** Of the whole list: where a watch goes on from. */
  readonly version: string;
  readonly server: ApiHost;
  readonly asked: Instant;
  readonly received: Instant;
}

const list = z.looseObject({
  // It goes into a URL, which takes no half characters.
  metadata: z.looseObject({ resourceVersion: z.string().regex(/^\P{Cs}*$/u) }),
  items: z.array(z.unknown()),
});

/** All that a collection holds, as it is at some moment while it is asked, from whichever server says so first. */
export async function readObjects(
  connection: KubernetesConnection,
  { path, query }: Collection,
  accept: string,
  signal: AbortSignal,
): Promise<Objects> {
  const whole = query === "" ? path : `${path}?${query}`;
  const { data, server, sent, received } = await connection.read(whole, accept, signal);
  const { metadata, items } = parse(list, data, `GET ${path}`);
  return { objects: items, version: metadata.resourceVersion, server, asked: sent, received };
}
