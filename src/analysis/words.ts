import { formatDuration, milliseconds } from "../base/time.ts";
import type { DesktopSpec, Moment, Placement } from "../model/experiment.ts";
import type { FaultSpec, ShutdownFault } from "../model/fault-spec.ts";

/** What an arm does, in the words of plans and reports. */

export function faultInWords(fault: FaultSpec): string {
  switch (fault.kind) {
    case "power":
      return `chassis power ${fault.action} over ${ways[fault.over]}`;
    case "sysrq":
      return `${sysrqInWords[fault.key]} (echo ${fault.key} > /proc/sysrq-trigger) over SSH`;
    case "forced-poweroff":
      return "poweroff -ff over SSH";
    case "shutdown":
      return shutdownInWords(fault);
    case "network-cut":
      return `${fault.cut === "all" ? "all networks" : fault.cut} cut for ${formatDuration(milliseconds(fault.for_ms))} over SSH`;
    case "service":
      return `${fault.service} ${fault.action === "stop" ? "stopped" : "killed (SIGKILL)"} over SSH`;
    case "freeze":
      return "the node's cluster services frozen (SIGSTOP) over SSH";
    case "cordon":
      return "node cordoned through the API";
    case "drain":
      return "node drained through the API";
    case "evict":
      return "pod evicted through the API";
    case "out-of-service":
      return "node tainted out-of-service through the API";
    case "maintenance":
      return "node put into HA maintenance over SSH";
    case "migrate":
      return `live migration to ${fault.to ?? "another node"} through the API`;
    case "command":
      return `${fault.program}${fault.arguments.map((each) => ` ${each}`).join("")} (leaves the node ${fault.leaves})`;
  }
}

const ways = { ssh: "SSH", ipmi: "IPMI", redfish: "Redfish", api: "the API" } as const;

const shutdownInWords = ({ action, over, policy }: ShutdownFault): string =>
  `graceful ${action} over ${ways[over]}${policy === null ? "" : `, shutdown policy ${policy}`}`;

const sysrqInWords = { o: "power off", b: "reset", c: "kernel panic" } as const;

export function desktopInWords(desktop: DesktopSpec): string {
  switch (desktop.kind) {
    case "proxmox": {
      const { source, reach } = desktop;
      const vm = source.kind === "clone" ? `clone of VM ${source.template}` : `VM ${source.vmid}`;
      const seen = reach.kind === "guest" ? "the guest's own noVNC" : "PVE's console";
      return `${vm} under HA, seen through ${seen}`;
    }
    case "kubernetes":
      return `Deployment of ${desktop.image}, toleration ${tolerationInWords(desktop.toleration_s)}, seen through ${reachInWords[desktop.reach.kind]}`;
  }
}

const tolerationInWords = (toleration_s: number | null): string =>
  toleration_s === null ? "left to the cluster" : `${toleration_s} s`;

const reachInWords = {
  ingress: "the ingress",
  "node-port": "a node port",
  url: "a way of the user's own",
} as const;

export function placementInWords(placement: Placement): string {
  switch (placement.kind) {
    case "any":
      return "any node";
    case "crm-master":
      return "the CRM master";
    case "not-crm-master":
      return "a node that is not the CRM master";
    case "node":
      return `node ${placement.node}`;
  }
}

export function momentInWords(when: Moment): string {
  switch (when.kind) {
    case "random":
      return "at a random moment of the cluster's cycle";
    case "sweep": {
      const ends = [when.from_ms, when.to_ms].map((end) => formatDuration(milliseconds(end)));
      return `when ${agedInWords[when.of]} is ${ends.join(" .. ")} old, each trial in its own part of that`;
    }
  }
}

const agedInWords = {
  "lock-age": "the victim's agent lock",
  "lease-age": "the victim's Lease",
} as const;
