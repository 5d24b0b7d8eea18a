import type { Random } from "../../contracts/random.ts";
import type { Arm, Placement } from "../../model/experiment.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Timing } from "../../model/survey.ts";
import { predictKubernetes } from "../prediction/predict-kubernetes.ts";
import { predictProxmox } from "../prediction/predict-proxmox.ts";

/** A tenth of them on either side still tells where the spread ends. */
const FAILOVERS = 40;
/** A quarter of the Lease's duration (pkg/kubelet/kubelet.go:790): how old it gets. */
const RENEWALS_PER_LEASE = 4;

/** Recoveries of an arm as its trials would show them, by the twin, one kill after the other: milliseconds. Null: it cannot tell. */
export function predictedRecoveries(
  { desktop, placement }: Pick<Arm, "desktop" | "placement">,
  timing: Timing,
  random: Random,
): readonly number[] | null {
  if (timing.kind === "proxmox") return ofProxmox(placement, timing.settings, random);
  return desktop.kind === "kubernetes"
    ? ofKubernetes(desktop.toleration_s, timing.settings, random)
    : null;
}

const ofProxmox = (
  placement: Placement,
  settings: ProxmoxSettings,
  random: Random,
): readonly number[] =>
  each(random, (trial) => {
    const master = isMaster(placement, settings, trial);
    return predictProxmox({ settings, master }, trial, 1).recovery_median_ms;
  });

/** Where the placement leaves it open, any node is as likely as another. */
function isMaster({ kind }: Placement, { nodes }: ProxmoxSettings, random: Random): boolean {
  if (kind === "crm-master") return true;
  return kind !== "not-crm-master" && random.next() < 1 / nodes;
}

const ofKubernetes = (
  toleration_s: number | null,
  settings: KubernetesSettings,
  random: Random,
): readonly number[] =>
  each(random, (trial) => {
    const age = (trial.next() * settings.lease_duration_ms) / RENEWALS_PER_LEASE;
    const question = { settings, toleration_s, lease_age_ms: [age, age], start_ms: null } as const;
    return predictKubernetes(question, trial, 1).recovery_median_ms;
  });

const each = (random: Random, play: (trial: Random) => number): readonly number[] =>
  Array.from({ length: FAILOVERS }, (_, index) => play(random.fork(`trial ${index}`)));
