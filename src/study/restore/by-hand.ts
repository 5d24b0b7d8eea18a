import { unreachable } from "../../base/assert.ts";
import type { DesktopHandle } from "../../model/cluster-facts.ts";
import type { Undo } from "../../model/undo.ts";
import type { Pending } from "./pending.ts";

/** What a person has to do where this program cannot. */
export function byHand(undo: Undo): string {
  switch (undo.kind) {
    case "heal-fault":
      return `${undo.cluster}: see that node ${undo.victim} is switched on and a member again`;
    case "remove-desktop":
      return `${undo.cluster}: ${removal(undo.desktop)}`;
    default:
      return unreachable(undo);
  }
}

/** All that is left of a run, the last act first; empty when nothing is. */
export const allByHand = (pending: Pending): readonly string[] =>
  pending
    .owed()
    .toReversed()
    .map(({ undo }) => byHand(undo));

function removal(desktop: DesktopHandle): string {
  switch (desktop.kind) {
    case "proxmox":
      return desktop.owned
        ? `remove the HA resource vm:${desktop.vmid} if its comment holds mark=${desktop.mark}; stop and delete VM ${desktop.vmid} (${desktop.name}), but only if its description holds mark=${desktop.mark}: somebody else may have that number by now`
        : `put back the HA settings of VM ${desktop.vmid} (${desktop.name})`;
    case "kubernetes":
      return desktop.owns_namespace
        ? `delete the namespace ${desktop.namespace}, if it is there`
        : `delete Deployment, Service and Ingress ${desktop.name} in namespace ${desktop.namespace}, if they are there`;
    default:
      return unreachable(desktop);
  }
}
