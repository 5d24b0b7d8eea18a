import { unreachable } from "../base/assert.ts";
import type { DesktopHandle } from "../model/cluster-facts.ts";
import type { JournalRecord, Undo } from "../model/journal.ts";

/** What has been done, or begun, and not yet been taken back, as the journal tells it. */
export class PendingUndo {
  readonly #pending = new Map<string, Undo>();

  record({ event }: JournalRecord): void {
    if (event.kind === "intent") this.#pending.set(`${event.trial} ${event.id}`, event.undo);
    if (event.kind === "undo-done") this.#pending.delete(`${event.trial} ${event.id}`);
  }

  /** What a person has to do by hand, the last act first; empty when nothing is left. */
  byHand(): readonly string[] {
    return [...this.#pending.values()].toReversed().map(inWords);
  }
}

function inWords(undo: Undo): string {
  switch (undo.kind) {
    case "heal-fault":
      return `${undo.cluster}: see that node ${undo.victim} is switched on and a member again`;
    case "remove-desktop":
      return `${undo.cluster}: ${removal(undo.desktop)}`;
    default:
      return unreachable(undo);
  }
}

function removal(desktop: DesktopHandle): string {
  switch (desktop.kind) {
    case "proxmox":
      return desktop.owned
        ? `remove the HA resource vm:${desktop.vmid}, then stop and delete VM ${desktop.vmid} (${desktop.name}), if they are there`
        : `put back the HA settings of VM ${desktop.vmid} (${desktop.name})`;
    case "kubernetes":
      return desktop.owns_namespace
        ? `delete the namespace ${desktop.namespace}, if it is there`
        : `delete Deployment, Service and Ingress ${desktop.name} in namespace ${desktop.namespace}, if they are there`;
    default:
      return unreachable(desktop);
  }
}
