import type { BmcProtocol } from "./fault-spec.ts";
import type { KubernetesSettings } from "./kubernetes-settings.ts";
import type { ProxmoxSettings } from "./proxmox-settings.ts";
import type { SafetyLimits } from "./safety.ts";

/** The embedded lab that an inventory file asks for. */
export interface LabSpec {
  /** Lab seconds in one real second. */
  readonly speed: number;
  readonly seed: number;
  readonly clusters: readonly LabCluster[];
}

/** `bmc`: what its inventory lists of its BMCs, which speak both. */
export type LabCluster =
  | {
      readonly kind: "proxmox";
      readonly name: string;
      readonly safety: SafetyLimits;
      readonly bmc: BmcProtocol;
      readonly settings: ProxmoxSettings;
    }
  | {
      readonly kind: "kubernetes";
      readonly name: string;
      readonly safety: SafetyLimits;
      readonly bmc: BmcProtocol;
      readonly settings: KubernetesSettings;
    };

/**
 * What a running lab says of its clock. Tool and lab read the same monotonic clock of one machine
 * (`process.hrtime`), so lab time = (hrtime - origin) x speed for both, and lab wall time = origin_wall + lab time.
 */
export interface LabOrigin {
  /** Runs on a lab bear its id; when the lab is gone there is nothing left to restore. */
  readonly instance: string;
  readonly speed: number;
  /** `process.hrtime.bigint()` at lab time zero, as a decimal string. */
  readonly origin_hrtime_ns: string;
  /** Wall time at lab time zero, ISO 8601. */
  readonly origin_wall: string;
}
