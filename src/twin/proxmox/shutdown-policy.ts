import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { LrmStatus } from "./proxmox-twin.ts";

/** Why an LRM is asked to end: only it (`systemctl stop`), or its whole node. */
export type EndReason = "service" | "poweroff" | "reboot";

/**
 * How an LRM announces its end: the mode in its status tells the CRM what to do with its services. `restart` freezes
 * them where they are, `shutdown` leaves them to be recovered when the node stays away, `maintenance` moves them away
 * first (rule, LRM.pm `shutdown_request`). Without a policy that is PVE's `conditional`.
 */
export function modeAtEnd(
  reason: EndReason,
  policy: ProxmoxSettings["shutdown_policy"],
): LrmStatus["mode"] {
  if (reason === "service") return "restart";
  switch (policy) {
    case "migrate":
      return "maintenance";
    case "freeze":
      return "restart";
    case "failover":
      return "shutdown";
    case "conditional":
    case null:
      return reason === "poweroff" ? "shutdown" : "restart";
  }
}
