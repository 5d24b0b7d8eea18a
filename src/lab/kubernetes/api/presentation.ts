import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import { tableFor } from "../table/tables.ts";
import type { Resource } from "./resource.ts";
import type { ApiRequest } from "./request.ts";

/** How a client wants objects: as they are, or as rows of a table (kubectl get). */
export interface Presentation {
  readonly one: (object: KubeObject) => unknown;
  readonly list: (objects: readonly KubeObject[], metadata: ListMetadata) => unknown;
}

interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string | undefined;
  readonly remainingItemCount?: number | undefined;
}

export function presentationFor(
  request: ApiRequest,
  resource: Resource,
  nowSeconds: number,
): Presentation {
  if (/as=Table/u.test(request.accept)) {
    const withObject = request.query.get("includeObject") ?? "Metadata";
    const rows = (objects: readonly KubeObject[], metadata: unknown): unknown =>
      tableFor(resource, objects, { nowSeconds, withObject, metadata });
    return {
      one: (object) => rows([object], { resourceVersion: object.metadata.resourceVersion }),
      list: rows,
    };
  }
  return {
    one: (object) => object,
    list: (objects, metadata) => ({
      kind: `${resource.kind}List`,
      apiVersion:
        resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
      metadata,
      items: objects,
    }),
  };
}
