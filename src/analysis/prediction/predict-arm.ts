import type { Random } from "../../contracts/random.ts";
import type { Arm, Placement } from "../../model/experiment.ts";
import type { FaultSpec } from "../../model/fault-spec.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Timing } from "../../model/survey.ts";
import { killsTheMachine } from "../fault-nature.ts";
import { FAILOVERS, rangeInWords } from "./in-words.ts";
import { predictKubernetes } from "./predict-kubernetes.ts";
import { predictProxmox } from "./predict-proxmox.ts";

/** When an arm's desktop would answer again, by the twin from the timers of its cluster: for people, before a run. */
export function predictArm(
  arm: Pick<Arm, "desktop" | "placement" | "fault">,
  timing: Timing,
  random: Random,
): string {
  if (!killsTheMachine(arm.fault)) {
    return "nothing: the twin predicts what follows when a machine dies, and here the cluster decides whether the desktop is lost";
  }
  const back = timing.kind === "proxmox" ? proxmox(arm, timing.settings, random) : null;
  return `by the twin, from the cluster's timers: back ${back ?? kubernetes(arm, timing, random)} after the fault${unlessBack(arm.fault)}`;
}

function proxmox(
  { desktop, placement }: Pick<Arm, "desktop" | "placement">,
  settings: ProxmoxSettings,
  random: Random,
): string {
  const console = desktop.kind === "proxmox" && desktop.reach.kind === "console";
  const seen = console ? asSeenOnTheConsole(settings) : settings;
  const words = mastersOf(placement).map((master) => {
    const { recovery_ms } = predictProxmox({ settings: seen, master }, random, FAILOVERS);
    return rangeInWords(recovery_ms);
  });
  return words.length === 1 ? words.join("") : `${words.join(" (")} if the CRM master is hit)`;
}

/** PVE's own console answers as soon as QEMU does. */
const asSeenOnTheConsole = (settings: ProxmoxSettings): ProxmoxSettings => ({
  ...settings,
  assumed: { ...settings.assumed, guest_boot_ms: 0, guest_network_ms: 0 },
});

/** Whether the victim is the CRM master: where the placement leaves it open, first the better case. */
function mastersOf({ kind }: Placement): readonly boolean[] {
  switch (kind) {
    case "crm-master":
      return [true];
    case "not-crm-master":
      return [false];
    case "any":
    case "node":
      return [false, true];
  }
}

function kubernetes({ desktop }: Pick<Arm, "desktop">, timing: Timing, random: Random): string {
  if (timing.kind !== "kubernetes" || desktop.kind !== "kubernetes") return "at an unknown time";
  const { toleration_s } = desktop;
  const question = { settings: timing.settings, toleration_s, lease_age_ms: null, start_ms: null };
  return rangeInWords(predictKubernetes(question, random, FAILOVERS).recovery_ms);
}

/** A machine that boots again by itself may be back before its cluster has given it up. */
const unlessBack = (fault: FaultSpec): string =>
  (fault.kind === "power" && fault.action === "cycle") ||
  (fault.kind === "sysrq" && fault.key !== "o") ||
  (fault.kind === "command" && fault.leaves === "rebooting")
    ? ", unless the node is back sooner"
    : "";
