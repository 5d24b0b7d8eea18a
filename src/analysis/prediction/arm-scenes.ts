import type { RangeMs } from "../../base/interval.ts";
import type { Arm, Moment, Placement } from "../../model/experiment.ts";
import type { Timing } from "../../model/survey.ts";
import { killsTheMachine } from "../fault-nature.ts";
import { whyNoFailover } from "./no-failover.ts";
import { playKubernetes } from "./play-kubernetes.ts";
import { anyTime, playProxmox } from "./play-proxmox.ts";
import type { Play } from "./played.ts";
import { asSeen } from "./seen-through.ts";

export type PredictedArm = Pick<Arm, "desktop" | "placement" | "fault" | "when">;

/** One way in which an arm's trials can go, which is decided before the kill. */
export interface Scene {
  /** Null: there is only one. */
  readonly name: "another node is hit" | "the CRM master is hit" | null;
  readonly play: Play;
}

/** What an arm's trials are going to be, as far as the twin plays them; none where it plays no such fault. */
export function scenesOf(arm: PredictedArm, timing: Timing): readonly Scene[] {
  if (whyNotPlayed(arm, timing) !== null) return [];
  return timing.kind === "proxmox" ? proxmox(arm, timing) : kubernetes(arm, timing);
}

export const CLUSTER_DECIDES =
  "the twin predicts what follows when a machine dies, and here the cluster decides whether the desktop is lost";

/** Why there is no scene; null: there is one. */
export function whyNotPlayed({ fault }: Pick<Arm, "fault">, timing: Timing): string | null {
  if (!killsTheMachine(fault)) return CLUSTER_DECIDES;
  return whyNoFailover(timing);
}

type Of<Kind extends Timing["kind"]> = Extract<Timing, { readonly kind: Kind }>;

function proxmox(arm: PredictedArm, { settings }: Of<"proxmox">): readonly Scene[] {
  const masters = mastersOf(arm.placement);
  return masters.map((master) => ({
    name: masters.length === 1 ? null : master ? "the CRM master is hit" : "another node is hit",
    play: playProxmox({
      ...anyTime,
      settings: asSeen(arm.desktop, settings),
      master,
      lock_age_ms: sweptAges(arm.when, "lock-age"),
    }),
  }));
}

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

function kubernetes(arm: PredictedArm, { settings }: Of<"kubernetes">): readonly Scene[] {
  const { desktop, when } = arm;
  if (desktop.kind !== "kubernetes") return [];
  const { toleration_s } = desktop;
  const lease_age = { kind: "any", range_ms: sweptAges(when, "lease-age") } as const;
  return [
    { name: null, play: playKubernetes({ settings, toleration_s, lease_age, starts_ms: [] }) },
  ];
}

const sweptAges = (when: Moment, of: "lock-age" | "lease-age"): RangeMs | null =>
  when.kind === "sweep" && when.of === of ? [when.from_ms, when.to_ms] : null;
