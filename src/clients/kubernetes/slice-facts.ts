import { z } from "zod";
import { parse } from "../shared/parse.ts";
import { listOf, metadata, strings, text } from "./schema-parts.ts";

export interface SliceFacts {
  readonly name: string;
  /** Pods that get traffic. */
  readonly ready: readonly { readonly pod: string; readonly node: string | null }[];
}

/** discovery.k8s.io/v1 says `nodeName`, v1beta1 the topology. */
const slice = z.looseObject({
  metadata,
  endpoints: listOf(
    z.looseObject({
      conditions: z.looseObject({ ready: z.boolean().nullish() }).prefault({}),
      targetRef: z.looseObject({ name: text }).prefault({}),
      nodeName: text,
      topology: strings,
    }),
  ),
});

export function readSlice(object: unknown): SliceFacts {
  const { metadata: about, endpoints } = parse(slice, object, "an EndpointSlice");
  const ready = endpoints.flatMap(({ conditions, targetRef, nodeName, topology }) =>
    // A missing condition means ready ("a nil value should be interpreted as true").
    conditions.ready !== false && targetRef.name !== null
      ? [{ pod: targetRef.name, node: nodeName ?? topology["kubernetes.io/hostname"] ?? null }]
      : [],
  );
  return { name: about.name, ready };
}
