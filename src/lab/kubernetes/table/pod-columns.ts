import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { Column } from "./columns.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { count, field, list, text } from "./fields.ts";

const containers = (pod: KubeObject): readonly unknown[] =>
  list(field(pod, "status", "containerStatuses"));

export const podColumns: readonly Column[] = [
  nameColumn,
  {
    name: "Ready",
    cell: (pod) => {
      const ready = containers(pod).filter((each) => field(each, "ready") === true).length;
      return `${ready}/${list(field(pod, "spec", "containers")).length}`;
    },
  },
  { name: "Status", cell: statusOf },
  {
    name: "Restarts",
    cell: (pod) =>
      containers(pod).reduce<number>((sum, each) => sum + count(field(each, "restartCount")), 0),
  },
  ageColumn,
  { name: "IP", priority: 1, cell: (pod) => text(field(pod, "status", "podIP")) },
  { name: "Node", priority: 1, cell: (pod) => text(field(pod, "spec", "nodeName")) },
  {
    name: "Nominated Node",
    priority: 1,
    cell: (pod) => text(field(pod, "status", "nominatedNodeName")),
  },
  { name: "Readiness Gates", priority: 1, cell: () => "<none>" },
];

function statusOf(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  const waiting = containers(pod)
    .map((each) => field(each, "state", "waiting", "reason"))
    .find((reason) => typeof reason === "string");
  return text(waiting ?? field(pod, "status", "phase"), "Unknown");
}
