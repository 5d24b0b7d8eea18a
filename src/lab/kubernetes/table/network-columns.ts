import type { KubeObject } from "../../../twin/kubernetes/objects.ts";
import type { Column } from "./columns.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { field, joined, labelText, list, text } from "./fields.ts";

export const networkColumns: Readonly<Record<string, readonly Column[]>> = {
  services: [
    nameColumn,
    { name: "Type", cell: (service) => text(field(service, "spec", "type"), "ClusterIP") },
    { name: "Cluster-IP", cell: (service) => text(field(service, "spec", "clusterIP")) },
    { name: "External-IP", cell: () => "<none>" },
    { name: "Port(s)", cell: portsOf },
    ageColumn,
    {
      name: "Selector",
      priority: 1,
      cell: (service) => labelText(field(service, "spec", "selector")),
    },
  ],
  ingresses: [
    nameColumn,
    { name: "Class", cell: (ingress) => text(field(ingress, "spec", "ingressClassName")) },
    { name: "Hosts", cell: hostsOf },
    {
      name: "Address",
      cell: (ingress) => text(field(ingress, "status", "loadBalancer", "ingress", 0, "ip"), ""),
    },
    { name: "Ports", cell: () => "80" },
    ageColumn,
  ],
  endpointslices: [
    nameColumn,
    { name: "AddressType", cell: (slice) => text(field(slice, "addressType")) },
    {
      name: "Ports",
      cell: (slice) => joined(list(field(slice, "ports")).map((port) => field(port, "port"))),
    },
    {
      name: "Endpoints",
      cell: (slice) =>
        joined(list(field(slice, "endpoints")).flatMap((each) => list(field(each, "addresses")))),
    },
    ageColumn,
  ],
};

function portsOf(service: KubeObject): string {
  const ports = list(field(service, "spec", "ports")).map((port) => {
    const nodePort = field(port, "nodePort");
    const middle = nodePort === undefined ? "" : `:${text(nodePort)}`;
    return `${text(field(port, "port"))}${middle}/${text(field(port, "protocol"), "TCP")}`;
  });
  return joined(ports);
}

function hostsOf(ingress: KubeObject): string {
  const hosts = list(field(ingress, "spec", "rules"))
    .map((rule) => field(rule, "host"))
    .filter((host) => typeof host === "string");
  return hosts.length === 0 ? "*" : hosts.join(",");
}
