import type { FaultSpec } from "../model/fault-spec.ts";

/**
 * Whether the proof of the fault is the death of the machine, and so of the desktop on it. Any other fault leaves it to
 * the cluster whether, and when, the desktop stops answering: its best result is that nobody notices.
 */
export function killsTheMachine({ kind }: FaultSpec): boolean {
  switch (kind) {
    case "power":
    case "sysrq":
    case "forced-poweroff":
    case "command":
      return true;
    case "shutdown":
    case "network-cut":
    case "service":
    case "freeze":
    case "cordon":
    case "drain":
    case "evict":
    case "out-of-service":
    case "maintenance":
    case "migrate":
      return false;
  }
}
