import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import { GUEST_SHUTDOWN_MS, SHUTDOWN_REST } from "./constants.ts";
import type { Daemons } from "./daemons.ts";
import { isHaManaged } from "./ha-config.ts";

/**
 * A node's end in good order, as systemd brings it about: guests that are not HA's business are shut down; pve-ha-lrm,
 * which all others have to outlive, ends when it may, and pve-ha-crm after it; corosync says goodbye; then the rest.
 * `then` is called when the power may go, unless the LRM waits for ever.
 */
export function endInOrder(
  cluster: Cluster,
  end: {
    readonly node: string;
    readonly action: "poweroff" | "reboot";
    readonly daemons: Daemons | null;
  },
  then: () => void,
): void {
  const { node, action, daemons } = end;
  const rest = (): void => void cluster.simulation.after(SHUTDOWN_REST, then);
  shutDownOtherGuests(cluster, node);
  if (daemons === null) {
    rest();
    return;
  }
  daemons.endLrm(action, () => {
    cluster.simulation.truth("lrm-ended", node);
    daemons.endCrm(() => {
      cluster.simulation.truth("crm-ended", node);
      daemons.act("corosync", "stop");
      rest();
    });
  });
}

function shutDownOtherGuests(cluster: Cluster, node: string): void {
  const { vms, tasks } = cluster;
  const duration = milliseconds(GUEST_SHUTDOWN_MS);
  for (const { vmid } of vms.list()) {
    if (!vms.isRunningOn(vmid, node) || isHaManaged(cluster, vmid)) continue;
    const task = { node, type: "qmshutdown", id: String(vmid), user: "root@pam", duration };
    tasks.start(task, () => {
      if (vms.isRunningOn(vmid, node)) vms.halt(vmid);
      return null;
    });
  }
}
