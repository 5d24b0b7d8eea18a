import type { Duration } from "../../base/time.ts";
import { milliseconds } from "../../base/time.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import { HOLD_SHARE_OF_RETRANSMIT, HOLD_TICK_MS, RETRANSMITS_BEFORE_LOSS } from "./constants.ts";

/** `totem.token` plus the coefficient for each node beyond two (totemconfig.c:324). */
export function effectiveTokenMs(
  settings: Pick<ProxmoxSettings, "token_ms" | "token_coefficient_ms">,
  nodes: number,
): number {
  return settings.token_ms + Math.max(0, nodes - 2) * settings.token_coefficient_ms;
}

/** `totem.hold`, in whole milliseconds as corosync has it (totemconfig.c): for how long an idle token is held. */
export function holdOf(tokenMs: number): Duration {
  const retransmit = Math.floor(tokenMs / RETRANSMITS_BEFORE_LOSS);
  const hold = Math.floor(HOLD_SHARE_OF_RETRANSMIT * retransmit - HOLD_TICK_MS);
  return milliseconds(Math.max(0, hold));
}
