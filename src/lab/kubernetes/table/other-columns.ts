import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import { ageOf } from "./age.ts";
import type { Column } from "./columns.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { count, field, joined, labelText, list, text } from "./fields.ts";

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  { name: "Status", cell: (namespace) => text(field(namespace, "status", "phase")) },
  ageColumn,
];

export const leaseColumns: readonly Column[] = [
  nameColumn,
  { name: "Holder", cell: (lease) => text(field(lease, "spec", "holderIdentity"), "") },
  ageColumn,
];

/** Core Events and those of events.k8s.io name their fields differently. */
export const eventColumns: readonly Column[] = [
  {
    name: "Last Seen",
    cell: (event, now) =>
      ageOf(
        text(field(event, "lastTimestamp") ?? field(event, "deprecatedLastTimestamp"), ""),
        now,
      ),
  },
  { name: "Type", cell: (event) => text(field(event, "type")) },
  { name: "Reason", cell: (event) => text(field(event, "reason")) },
  { name: "Object", cell: subjectOf },
  { name: "Message", cell: (event) => text(field(event, "message") ?? field(event, "note"), "") },
];

function subjectOf(event: KubeObject): string {
  const subject = field(event, "involvedObject") ?? field(event, "regarding");
  return `${text(field(subject, "kind")).toLowerCase()}/${text(field(subject, "name"))}`;
}

const containersOf = (object: KubeObject): readonly unknown[] =>
  list(field(object, "spec", "template", "spec", "containers"));

const wide: readonly Column[] = [
  {
    name: "Containers",
    priority: 1,
    cell: (object) => joined(containersOf(object).map((each) => field(each, "name"))),
  },
  {
    name: "Images",
    priority: 1,
    cell: (object) => joined(containersOf(object).map((each) => field(each, "image"))),
  },
  {
    name: "Selector",
    priority: 1,
    cell: (object) => labelText(field(object, "spec", "selector", "matchLabels")),
  },
];

const status = (name: string, column: string): Column => ({
  name: column,
  cell: (object) => count(field(object, "status", name)),
});

export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  deployments: [
    nameColumn,
    {
      name: "Ready",
      cell: (object) =>
        `${count(field(object, "status", "readyReplicas"))}/${count(field(object, "spec", "replicas"))}`,
    },
    status("updatedReplicas", "Up-to-date"),
    status("availableReplicas", "Available"),
    ageColumn,
    ...wide,
  ],
  replicasets: [
    nameColumn,
    { name: "Desired", cell: (object) => count(field(object, "spec", "replicas")) },
    status("replicas", "Current"),
    status("readyReplicas", "Ready"),
    ageColumn,
    ...wide,
  ],
  daemonsets: [
    nameColumn,
    status("desiredNumberScheduled", "Desired"),
    status("currentNumberScheduled", "Current"),
    status("numberReady", "Ready"),
    status("updatedNumberScheduled", "Up-to-date"),
    status("numberAvailable", "Available"),
    { name: "Node Selector", cell: () => "<none>" },
    ageColumn,
    ...wide,
  ],
};
