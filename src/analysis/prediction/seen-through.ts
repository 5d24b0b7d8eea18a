import type { DesktopSpec } from "../../model/experiment.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";

/** PVE's own console answers as soon as QEMU does, whatever the guest is doing. */
export function asSeen(desktop: DesktopSpec, settings: ProxmoxSettings): ProxmoxSettings {
  if (desktop.kind !== "proxmox" || desktop.reach.kind !== "console") return settings;
  const assumed = { ...settings.assumed, guest_boot_ms: 0, guest_network_ms: 0 };
  return { ...settings, assumed };
}
