import { z } from "zod";
import type { LabCluster } from "../../model/lab.ts";
import { shutdownPolicies } from "../../model/fault-spec.ts";
import { defaultKubernetesSettings } from "../../model/kubernetes-settings.ts";
import { defaultProxmoxSettings } from "../../model/proxmox-settings.ts";
import { duration, strict, wait } from "../schema/fields.ts";
import { safetyLimits } from "./safety-fields.ts";

/** The embedded lab's clusters: what decides their timing, and what has to be assumed of hardware and guest. */

type Unnamed<Kind extends LabCluster["kind"]> = Omit<
  Extract<LabCluster, { readonly kind: Kind }>,
  "name"
>;

const pve = defaultProxmoxSettings;
const k8s = defaultKubernetesSettings;
const otherwise = (ms: number): string => `${ms}ms`;

const bmcProtocol = () =>
  z
    .enum(["ipmi", "redfish"])
    .default("ipmi")
    .describe("The protocol in which faults ask the BMCs; those of the lab speak both.");

export const proxmoxLab = () =>
  strict({
    kind: z.literal("proxmox"),
    nodes: z.int().min(3).max(16).default(pve.nodes),
    token: wait().prefault(otherwise(pve.token_ms)),
    token_coefficient: duration().prefault(otherwise(pve.token_coefficient_ms)),
    templates: z.int().min(1).max(10).default(pve.templates),
    shutdown_policy: z.enum(shutdownPolicies).nullable().default(pve.shutdown_policy),
    assumed: strict({
      qemu_start: duration().prefault(otherwise(pve.assumed.qemu_start_ms)),
      guest_network: duration().prefault(otherwise(pve.assumed.guest_network_ms)),
      guest_boot: duration().prefault(otherwise(pve.assumed.guest_boot_ms)),
      node_boot: duration().prefault(otherwise(pve.assumed.node_boot_ms)),
      clone: duration().prefault(otherwise(pve.assumed.clone_ms)),
      migration: duration().prefault(otherwise(pve.assumed.migration_ms)),
      migration_downtime: duration().prefault(otherwise(pve.assumed.migration_downtime_ms)),
    })
      .refine((assumed) => assumed.guest_network <= assumed.guest_boot, {
        path: ["guest_network"],
        error: "must not be longer than guest_boot: a desktop needs its network",
      })
      .refine((assumed) => assumed.migration_downtime <= assumed.migration, {
        path: ["migration_downtime"],
        error: "must not be longer than migration: it is its last part",
      })
      .prefault({}),
    bmc: bmcProtocol(),
    safety: safetyLimits(),
  }).transform(({ kind, bmc, safety, assumed, ...rest }): Unnamed<"proxmox"> => ({
    kind,
    bmc,
    safety,
    settings: {
      nodes: rest.nodes,
      token_ms: rest.token,
      token_coefficient_ms: rest.token_coefficient,
      templates: rest.templates,
      shutdown_policy: rest.shutdown_policy,
      assumed: {
        qemu_start_ms: assumed.qemu_start,
        guest_network_ms: assumed.guest_network,
        guest_boot_ms: assumed.guest_boot,
        node_boot_ms: assumed.node_boot,
        clone_ms: assumed.clone,
        migration_ms: assumed.migration,
        migration_downtime_ms: assumed.migration_downtime,
      },
    },
  }));

export const kubernetesLab = () =>
  strict({
    kind: z.literal("kubernetes"),
    control_plane_nodes: z.int().min(1).max(5).default(k8s.control_plane_nodes),
    workers: z.int().min(1).max(16).default(k8s.workers),
    lease_duration: wait().prefault(otherwise(k8s.lease_duration_ms)),
    node_monitor_period: wait().prefault(otherwise(k8s.node_monitor_period_ms)),
    node_monitor_grace: wait().prefault(otherwise(k8s.node_monitor_grace_ms)),
    default_toleration: duration().prefault(`${k8s.default_toleration_s}s`),
    node_eviction_rate: z.number().positive().max(1000).default(k8s.node_eviction_rate),
    assumed: strict({
      schedule: duration().prefault(otherwise(k8s.assumed.schedule_ms)),
      container_start: duration().prefault(otherwise(k8s.assumed.container_start_ms)),
      desktop_start: duration().prefault(otherwise(k8s.assumed.desktop_start_ms)),
      endpoint_propagation: duration().prefault(otherwise(k8s.assumed.endpoint_propagation_ms)),
      monitor_work: duration().prefault(otherwise(k8s.assumed.monitor_work_ms)),
      node_boot: duration().prefault(otherwise(k8s.assumed.node_boot_ms)),
      node_shutdown: duration().prefault(otherwise(k8s.assumed.node_shutdown_ms)),
    }).prefault({}),
    bmc: bmcProtocol(),
    safety: safetyLimits(),
  }).transform(({ kind, bmc, safety, assumed, ...rest }): Unnamed<"kubernetes"> => ({
    kind,
    bmc,
    safety,
    settings: {
      control_plane_nodes: rest.control_plane_nodes,
      workers: rest.workers,
      lease_duration_ms: rest.lease_duration,
      node_monitor_period_ms: rest.node_monitor_period,
      node_monitor_grace_ms: rest.node_monitor_grace,
      default_toleration_s: rest.default_toleration / 1000,
      node_eviction_rate: rest.node_eviction_rate,
      assumed: {
        schedule_ms: assumed.schedule,
        container_start_ms: assumed.container_start,
        desktop_start_ms: assumed.desktop_start,
        endpoint_propagation_ms: assumed.endpoint_propagation,
        monitor_work_ms: assumed.monitor_work,
        node_boot_ms: assumed.node_boot,
        node_shutdown_ms: assumed.node_shutdown,
      },
    },
  }));
