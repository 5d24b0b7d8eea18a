import type { FaultSpec } from "../model/experiment.ts";

/** How a fault is done and what it leaves behind, from which check, proof and cure follow. */
export interface Method {
  /** For people: `IPMI power off`. */
  readonly title: string;
  readonly act:
    | { readonly over: "bmc"; readonly action: "off" | "cycle" }
    | { readonly over: "ssh"; readonly command: string };
  /**
   * `off`: without power, only its BMC brings it back. `hung`: powered and dead, only its BMC brings it back.
   * `rebooting`: comes back by itself.
   */
  readonly leaves: "off" | "hung" | "rebooting";
}

export function methodOf(spec: FaultSpec): Method {
  switch (spec.kind) {
    case "power":
      return {
        title: `IPMI power ${spec.action}`,
        act: { over: "bmc", action: spec.action },
        leaves: spec.action === "off" ? "off" : "rebooting",
      };
    case "sysrq":
      return {
        title: `sysrq ${spec.key} over SSH (${sysrq[spec.key].does})`,
        act: { over: "ssh", command: detached(`echo ${spec.key} > /proc/sysrq-trigger`) },
        leaves: sysrq[spec.key].leaves,
      };
    case "forced-poweroff":
      return {
        title: "forced poweroff over SSH",
        act: { over: "ssh", command: detached("poweroff -ff") },
        leaves: "off",
      };
  }
}

const sysrq = {
  o: { does: "power off", leaves: "off" },
  b: { does: "reset", leaves: "rebooting" },
  c: { does: "panic", leaves: "hung" },
} as const;

/** The command outlives its session and waits a moment, so that the victim can still answer that it was accepted. */
const detached = (command: string): string =>
  `setsid sh -c 'sleep 0.05; ${command}' >/dev/null 2>&1 </dev/null &`;
