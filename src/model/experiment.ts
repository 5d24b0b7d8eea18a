import type { FaultSpec } from "./fault-spec.ts";
import type { OverridableGuard } from "./guard.ts";
import type { Hooks } from "./hooks.ts";
import type { SecretRef } from "./secret.ts";

/** What to do, how often, and what counts as good. Plain JSON; durations end in their unit. */
export interface Experiment {
  /** The file it came from, for messages. */
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Seeds the order, the phase of every grid and the moment of every kill. */
  readonly seed: number;
  readonly order: "sequential" | "interleaved" | "random";
  readonly arms: readonly Arm[];
  readonly hooks: Hooks;
  readonly acceptance: Acceptance;
  /** Measured values from elsewhere, to set beside the arms' own. */
  readonly references: readonly Reference[];
  /** Guards whose refusals are recorded and not obeyed; printed in every report. */
  readonly overrides: readonly OverridableGuard[];
}

export interface Arm {
  readonly name: string;
  /** A cluster of the inventory. */
  readonly cluster: string;
  readonly trials: number;
  readonly desktop: DesktopSpec;
  readonly placement: Placement;
  readonly fault: FaultSpec;
  readonly when: Moment;
  readonly probe: ProbeSpec;
  readonly limits: Limits;
  /** Whether the desktop's screen is kept as a picture, before the kill and once it answers again. */
  readonly pictures: boolean;
  /** Rest after a trial has healed, before the next one starts. */
  readonly cooldown_ms: number;
}

export type DesktopSpec = ProxmoxDesktop | KubernetesDesktop;

export interface ProxmoxDesktop {
  readonly kind: "proxmox";
  readonly source:
    /** `pool`: the clone goes into it, which gives a token with rights on that pool only its rights on the clone. */
    | { readonly kind: "clone"; readonly template: number; readonly pool: string | null }
    | { readonly kind: "existing"; readonly vmid: number };
  readonly reach: ProxmoxReach;
  /** Password of the VNC server in the guest; null when it asks for none. */
  readonly vnc_password: SecretRef | null;
}

export type ProxmoxReach =
  /** noVNC served by the guest itself. `address` null: asked of the QEMU guest agent. */
  | {
      readonly kind: "guest";
      readonly address: string | null;
      readonly port: number;
      readonly page: string;
      readonly websocket: string;
    }
  /** PVE's own console, through a surviving API host. At most one attempt a second. */
  | { readonly kind: "console" };

export interface KubernetesDesktop {
  readonly kind: "kubernetes";
  readonly namespace: string;
  readonly image: string;
  /** The container port that serves noVNC. */
  readonly port: number;
  /** For not-ready and unreachable; null: none of its own, so the cluster's default of 300 s. */
  readonly toleration_s: number | null;
  readonly page: string;
  readonly websocket: string;
  readonly reach: KubernetesReach;
  readonly vnc_password: SecretRef | null;
}

type KubernetesReach =
  | { readonly kind: "ingress"; readonly host: string | null }
  /** Through nodes that are not the victim. */
  | { readonly kind: "node-port" }
  /** The user's own way in; `{namespace}` and `{service}` are filled in. */
  | { readonly kind: "url"; readonly url: string };

export type Placement =
  | { readonly kind: "any" }
  | { readonly kind: "crm-master" }
  | { readonly kind: "not-crm-master" }
  | { readonly kind: "node"; readonly node: string };

/** At which moment of the cluster's own cycles the fault strikes. */
export type Moment =
  /** Any, by lot. */
  | { readonly kind: "random" }
  /**
   * The arm's trials share a range of ages of the victim's lock or lease among them: each strikes at a random one within
   * its own part, so that few trials cover the cycle instead of sampling it.
   */
  | {
      readonly kind: "sweep";
      readonly of: SweptAge;
      readonly from_ms: number;
      readonly to_ms: number;
    };

/** PVE: the victim's agent lock. Kubernetes: its kubelet's Lease. */
type SweptAge = "lock-age" | "lease-age";

export const layers = ["tcp", "http", "websocket", "rfb", "frame"] as const;
/** How deep an attempt got; every layer includes those before it. */
export type Layer = (typeof layers)[number];

export interface ProbeSpec {
  readonly depth: Layer;
  /** Distance of the grid's points. */
  readonly period_ms: number;
  readonly connect_timeout_ms: number;
  readonly attempt_timeout_ms: number;
  readonly max_in_flight: number;
  /** How many good samples in a row count as answering again. */
  readonly consecutive: number;
}

interface Limits {
  /** The cluster becoming ready for a trial. */
  readonly ready_ms: number;
  /** The desktop being deployed and answering steadily. */
  readonly steady_ms: number;
  /** The victim being proven gone. */
  readonly confirm_ms: number;
  /** Fault to recovery; a trial still down then is censored. */
  readonly recovery_ms: number;
  /** Everything that takes the trial back, with a budget of its own. */
  readonly heal_ms: number;
}

export interface Acceptance {
  readonly rules: readonly AcceptanceRule[];
  /** Valid trials that a pass needs, per arm; null: all planned. */
  readonly min_valid: number | null;
}

export interface AcceptanceRule {
  /** As the user wrote it: `recovery.p95 <= 150s`. */
  readonly text: string;
  /** The arm it holds for; null: each of them. */
  readonly arm: string | null;
  readonly subject:
    | {
        readonly kind: "duration";
        readonly measure: DurationMeasure;
        readonly statistic: StatisticName;
        readonly limit_ms: number;
      }
    /** Number of trials with that outcome. `lost` is censored. */
    | { readonly kind: "count"; readonly outcome: "lost" | "void"; readonly limit: number };
  readonly comparison: "<" | "<=" | ">" | ">=" | "==";
}

export const durationMeasures = [
  "recovery",
  "outage",
  "detection",
  "fencing",
  "placement",
  "start",
  "service",
] as const;
export type DurationMeasure = (typeof durationMeasures)[number];

/** The five steps of a failover, in their order: together they are the recovery. */
export const phases = [
  "detection",
  "fencing",
  "placement",
  "start",
  "service",
] as const satisfies readonly DurationMeasure[];
export type Phase = (typeof phases)[number];

export const statisticNames = ["min", "median", "mean", "p90", "p95", "max"] as const;
export type StatisticName = (typeof statisticNames)[number];

export interface Reference {
  readonly title: string;
  readonly arm: string;
  readonly measure: DurationMeasure;
  readonly source: string;
  readonly values_ms: readonly number[];
}
