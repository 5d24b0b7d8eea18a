import type { Aftermath, ForcedPoweroff, PowerFault, SysrqFault } from "../../model/fault-spec.ts";
import { stampedAndDetached } from "./own-stamp.ts";

export type MachineFaultSpec = PowerFault | SysrqFault | ForcedPoweroff;

/** How a fault is done and what it leaves behind, from which check, proof and cure follow. */
export interface Method {
  /** For people: `IPMI power off`. */
  readonly title: string;
  readonly act:
    | { readonly over: "bmc"; readonly action: "off" | "cycle" }
    | { readonly over: "ssh"; readonly command: string };
  readonly leaves: Aftermath;
}

export function methodOf(spec: MachineFaultSpec): Method {
  switch (spec.kind) {
    case "power":
      return {
        title: `${spec.over === "ipmi" ? "IPMI" : "Redfish"} power ${spec.action}`,
        act: { over: "bmc", action: spec.action },
        leaves: spec.action === "off" ? "off" : "rebooting",
      };
    case "sysrq":
      return {
        title: `sysrq ${spec.key} over SSH (${sysrq[spec.key].does})`,
        act: { over: "ssh", command: stampedAndDetached(`echo ${spec.key} > /proc/sysrq-trigger`) },
        leaves: sysrq[spec.key].leaves,
      };
    case "forced-poweroff":
      return {
        title: "forced poweroff over SSH",
        act: { over: "ssh", command: stampedAndDetached("poweroff -ff") },
        leaves: "off",
      };
  }
}

const sysrq = {
  o: { does: "power off", leaves: "off" },
  b: { does: "reset", leaves: "rebooting" },
  c: { does: "panic", leaves: "hung" },
} as const;
