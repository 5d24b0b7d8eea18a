import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { Column } from "./columns.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { field, list, text } from "./fields.ts";

export const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", cell: statusOf },
  { name: "Roles", cell: rolesOf },
  ageColumn,
  { name: "Version", cell: (node) => info(node, "kubeletVersion") },
  { name: "Internal-IP", priority: 1, cell: (node) => addressOf(node, "InternalIP") },
  { name: "External-IP", priority: 1, cell: (node) => addressOf(node, "ExternalIP") },
  { name: "OS-Image", priority: 1, cell: (node) => info(node, "osImage") },
  { name: "Kernel-Version", priority: 1, cell: (node) => info(node, "kernelVersion") },
  { name: "Container-Runtime", priority: 1, cell: (node) => info(node, "containerRuntimeVersion") },
];

/** A node that is Unknown counts as NotReady here. */
function statusOf(node: KubeObject): string {
  const ready = list(field(node, "status", "conditions")).find(
    (condition) => field(condition, "type") === "Ready",
  );
  const status =
    ready === undefined ? "Unknown" : field(ready, "status") === "True" ? "Ready" : "NotReady";
  return field(node, "spec", "unschedulable") === true ? `${status},SchedulingDisabled` : status;
}

const ROLE = "node-role.kubernetes.io/";

function rolesOf(node: KubeObject): string {
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE))
    .map((label) => label.slice(ROLE.length));
  return roles.length === 0 ? "<none>" : roles.toSorted().join(",");
}

const info = (node: KubeObject, name: string): string =>
  text(field(node, "status", "nodeInfo", name), "<unknown>");

const addressOf = (node: KubeObject, type: string): string =>
  text(
    field(
      list(field(node, "status", "addresses")).find((each) => field(each, "type") === type),
      "address",
    ),
  );
