import { formatDuration, milliseconds } from "../../base/time.ts";
import type { Arm } from "../../model/experiment.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";
import type { Timing } from "../../model/survey.ts";
import { asSeen } from "./seen-through.ts";

/** What a prediction rests on, in words: settings of the cluster, and what has to be assumed of hardware, guest and image. */
export function premisesOf({
  arm: { desktop },
  timing,
}: {
  readonly arm: Pick<Arm, "desktop">;
  readonly timing: Timing;
}): { readonly given: string; readonly assumed: string } {
  if (timing.kind === "proxmox") {
    const { assumed, ...settings } = asSeen(desktop, timing.settings);
    return {
      given: `${settings.nodes} nodes, token ${ms(settings.token_ms)}, token_coefficient ${ms(settings.token_coefficient_ms)}`,
      assumed: `QEMU starts in ${ms(assumed.qemu_start_ms)}, the desktop answers ${ms(assumed.guest_boot_ms)} later; the other nodes host no HA service`,
    };
  }
  const { assumed, ...settings } = timing.settings;
  const own = desktop.kind === "kubernetes" ? desktop.toleration_s : null;
  return {
    given: `node-monitor-period ${ms(settings.node_monitor_period_ms)}, node-monitor-grace-period ${ms(settings.node_monitor_grace_ms)}, Leases renewed every ${ms(leaseRenewalMs(settings))}, toleration ${own ?? settings.default_toleration_s} s`,
    assumed: `the victim does not lead the control plane; the image is on every node; scheduled in ${ms(assumed.schedule_ms)}, its container starts in ${ms(assumed.container_start_ms)}, noVNC answers ${ms(assumed.desktop_start_ms)} later, traffic follows in ${ms(assumed.endpoint_propagation_ms)}`,
  };
}

const ms = (value: number): string => formatDuration(milliseconds(value));
