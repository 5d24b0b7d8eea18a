import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { Resource } from "../api/resource.ts";
import type { Column } from "./columns.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { networkColumns } from "./network-columns.ts";
import { nodeColumns } from "./node-columns.ts";
import { podColumns } from "./pod-columns.ts";
import { eventColumns, leaseColumns, namespaceColumns, workloadColumns } from "./other-columns.ts";

/** The columns of Kubernetes 1.20's own printers (pkg/printers/internalversion), by plural. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  nodes: nodeColumns,
  pods: podColumns,
  namespaces: namespaceColumns,
  leases: leaseColumns,
  events: eventColumns,
  ...workloadColumns,
  ...networkColumns,
};

/** Objects as a meta.k8s.io/v1 Table. */
export function tableFor(
  resource: Resource,
  objects: readonly KubeObject[],
  options: { readonly nowSeconds: number; readonly withObject: string; readonly metadata: unknown },
): unknown {
  const columns = COLUMNS[resource.plural] ?? [nameColumn, ageColumn];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata,
    columnDefinitions: columns.map((column) => ({
      name: column.name,
      type: "string",
      format: column.name === "Name" ? "name" : "",
      description: column.name,
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.nowSeconds)),
      object: shownObject(object, options.withObject),
    })),
  };
}

function shownObject(object: KubeObject, withObject: string): unknown {
  if (withObject === "None") return undefined;
  if (withObject === "Object") return object;
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: object.metadata,
  };
}
