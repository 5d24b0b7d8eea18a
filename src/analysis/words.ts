import type { DesktopSpec, FaultSpec, Placement } from "../model/experiment.ts";

/** What an arm does, in the words of plans and reports. */

export function faultInWords(fault: FaultSpec): string {
  switch (fault.kind) {
    case "power":
      return `chassis power ${fault.action} over IPMI`;
    case "sysrq":
      return `${sysrqInWords[fault.key]} (echo ${fault.key} > /proc/sysrq-trigger) over SSH`;
    case "forced-poweroff":
      return "poweroff -ff over SSH";
  }
}

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
