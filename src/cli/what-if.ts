import { whyNoFailover } from "../analysis/prediction/no-failover.ts";
import { OperatingError } from "../base/errors.ts";
import { allowedHint } from "../config/nearest.ts";
import { parseDuration } from "../config/schema/parse-duration.ts";
import type { Arm } from "../model/experiment.ts";
import type { Timing } from "../model/survey.ts";

/** An arm as it is predicted: what it does, and what decides how long its cluster takes. */
export interface Premise {
  readonly arm: Arm;
  readonly timing: Timing;
}

/** One setting of `--set`, as it was understood. */
export interface WhatIf {
  /** As the user wrote it: `token=10000`. */
  readonly text: string;
  readonly knob: Knob;
  readonly value: number;
}

type Apply = (premise: Premise, value: number) => Premise;

interface Knob {
  readonly kind: Timing["kind"];
  readonly unit: "ms" | "s" | "nodes";
  /** In its unit. */
  readonly limits: readonly [least: number, most: number];
  readonly what: string;
  readonly apply: Apply;
}

type Settings<Kind extends Timing["kind"]> = Extract<Timing, { readonly kind: Kind }>["settings"];

const ofProxmox =
  (change: (settings: Settings<"proxmox">, value: number) => Partial<Settings<"proxmox">>): Apply =>
  ({ arm, timing }, value) => {
    if (timing.kind !== "proxmox") return { arm, timing };
    const settings = { ...timing.settings, ...change(timing.settings, value) };
    return { arm, timing: { kind: "proxmox", settings } };
  };

const ofKubernetes =
  (
    change: (settings: Settings<"kubernetes">, value: number) => Partial<Settings<"kubernetes">>,
  ): Apply =>
  ({ arm, timing }, value) => {
    if (timing.kind !== "kubernetes") return { arm, timing };
    const settings = { ...timing.settings, ...change(timing.settings, value) };
    return { arm, timing: { kind: "kubernetes", settings } };
  };

const assumedOfProxmox = (key: keyof Settings<"proxmox">["assumed"]): Apply =>
  ofProxmox(({ assumed }, value) => ({ assumed: { ...assumed, [key]: value } }));

const assumedOfKubernetes = (key: keyof Settings<"kubernetes">["assumed"]): Apply =>
  ofKubernetes(({ assumed }, value) => ({ assumed: { ...assumed, [key]: value } }));

const HOUR_MS = 3_600_000;
/** Longer ones outlast the locks and the tool's patience with its twin. */
const LONGEST_TOKEN_MS = 60_000;

/** Each pass of the monitor is played: with shorter periods 10,000 failovers take minutes. */
const SHORTEST_PERIOD_MS = 1000;

const proxmox = { kind: "proxmox", unit: "ms" } as const;
const kubernetes = { kind: "kubernetes", unit: "ms" } as const;

/** All that a what-if can change, by the name that Kubernetes, corosync or the inventory give it. */
export const knobs: Readonly<Record<string, Knob>> = {
  token: {
    ...proxmox,
    limits: [100, LONGEST_TOKEN_MS],
    what: "corosync's totem.token",
    apply: ofProxmox((_, token_ms) => ({ token_ms })),
  },
  tokenCoefficient: {
    ...proxmox,
    limits: [0, LONGEST_TOKEN_MS],
    what: "corosync's totem.token_coefficient, for each node beyond two",
    apply: ofProxmox((_, token_coefficient_ms) => ({ token_coefficient_ms })),
  },
  nodes: {
    kind: "proxmox",
    unit: "nodes",
    limits: [3, 32],
    what: "how many nodes the cluster has",
    apply: ofProxmox((_, nodes) => ({ nodes })),
  },
  guestBoot: {
    ...proxmox,
    limits: [0, HOUR_MS],
    what: "QEMU answering to the guest's noVNC answering",
    apply: assumedOfProxmox("guest_boot_ms"),
  },
  qemuStart: {
    ...proxmox,
    limits: [0, HOUR_MS],
    what: "QEMU's start to its VNC socket answering",
    apply: assumedOfProxmox("qemu_start_ms"),
  },
  tolerationSeconds: {
    kind: "kubernetes",
    unit: "s",
    limits: [0, 86_400],
    what: "the pod's toleration of a node that is lost",
    apply: ({ arm, timing }, toleration_s) => {
      const { desktop } = arm;
      if (desktop.kind !== "kubernetes") return { arm, timing };
      return { arm: { ...arm, desktop: { ...desktop, toleration_s } }, timing };
    },
  },
  nodeMonitorPeriod: {
    ...kubernetes,
    limits: [SHORTEST_PERIOD_MS, HOUR_MS],
    what: "the controller-manager's --node-monitor-period",
    apply: ofKubernetes((_, node_monitor_period_ms) => ({ node_monitor_period_ms })),
  },
  nodeMonitorGracePeriod: {
    ...kubernetes,
    limits: [1000, HOUR_MS],
    what: "its --node-monitor-grace-period",
    apply: ofKubernetes((_, node_monitor_grace_ms) => ({ node_monitor_grace_ms })),
  },
  nodeLeaseDuration: {
    ...kubernetes,
    limits: [4000, HOUR_MS],
    what: "the kubelets' nodeLeaseDurationSeconds; a lease is renewed every quarter of it",
    apply: ofKubernetes((_, lease_duration_ms) => ({ lease_duration_ms })),
  },
  containerStart: {
    ...kubernetes,
    limits: [0, HOUR_MS],
    what: "bound to a node to the container running",
    apply: assumedOfKubernetes("container_start_ms"),
  },
  desktopStart: {
    ...kubernetes,
    limits: [0, HOUR_MS],
    what: "the container running to its noVNC answering",
    apply: assumedOfKubernetes("desktop_start_ms"),
  },
};

/** `token=10000`: of a key with a unit a bare number is in it, and a duration says its own. */
export function parseWhatIf(text: string): WhatIf {
  const [, key, written] = /^([^=]*)=(.*)$/u.exec(text) ?? [];
  if (key === undefined || written === undefined) throw wrong(text, "must be key=value");
  const knob = Object.hasOwn(knobs, key) ? knobs[key] : undefined;
  if (knob === undefined) {
    throw wrong(text, `"${key}" is no key; ${allowedHint(key, Object.keys(knobs))}`);
  }
  const value = valueOf(written, knob);
  if (value === null) {
    const forms = knob.unit === "nodes" ? "a whole number" : `a number of ${knob.unit}, or 30s`;
    throw wrong(text, `"${written}" is not ${forms}`);
  }
  const [least, most] = knob.limits;
  if (value < least || value > most) {
    throw wrong(text, `must be ${least} to ${most} ${knob.unit}`);
  }
  return { text, knob, value };
}

function valueOf(written: string, { unit }: Knob): number | null {
  if (/^\d+(?:\.\d+)?$/u.test(written)) {
    const value = Number(written);
    return unit === "nodes" && !Number.isInteger(value) ? null : value;
  }
  if (unit === "nodes") return null;
  const parsed = parseDuration(written);
  if ("problem" in parsed) return null;
  return unit === "s" ? parsed.value / 1000 : parsed.value;
}

/** Every setting that is of this arm's kind of cluster. Refuses one with which the cluster could not live any more. */
export function changedBy(whatIfs: readonly WhatIf[], premise: Premise): Premise {
  const changed = whatIfs.reduce((before, { knob, value }) => knob.apply(before, value), premise);
  const why = whyNoFailover(changed.timing);
  if (why === null || whyNoFailover(premise.timing) !== null) return changed;
  throw new OperatingError("configuration", `--set: ${why}`);
}

const wrong = (text: string, message: string): OperatingError =>
  new OperatingError("configuration", `--set ${text}: ${message}`);
