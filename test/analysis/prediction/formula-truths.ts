import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import {
  forecastMasterLoss,
  forecastStart,
  forecastWorkerLoss,
} from "../../twin/proxmox/failover-formulas.ts";
import { VICTIM, WRITTEN_AFTER, kubernetesTimers, proxmoxTimers } from "./timers.ts";
import type { Arm, Truth } from "./truth.ts";
import { truth } from "./truth.ts";

/** Measured on a real cluster (facts/proxmox-ve.md 7), in seconds. */
const CRM_ROUND = 10.022;
const LRM_ROUND = 10.038;
const IDLE_LRM_ROUND = 5.0075;
/** Corosync gives a membership up after 2.2 tokens, less up to what an idle token is held: totem.hold. */
const TOKENS = 2.2;
const HELD = 0.65;
/** From the round that moves the service to its new place being written. */
const FLUSH = 0.03;

interface ProxmoxArm {
  readonly master: boolean;
  readonly settings?: Partial<ProxmoxSettings>;
}

const proxmox = (name: string, options: ProxmoxArm): Arm => ({
  name,
  play: (seed) => proxmoxTruth(seed, options),
});

/** Failovers by the closed formulas alone: nothing of the twin is in them. */
export const formulaArms: readonly Arm[] = [
  proxmox("Proxmox VE, three nodes", { master: false }),
  proxmox("Proxmox VE, three nodes, coefficient 125", {
    master: false,
    settings: { token_coefficient_ms: 125 },
  }),
  proxmox("Proxmox VE, three nodes, the CRM master is hit", { master: true }),
  { name: "Kubernetes, toleration 1 s", play: (seed) => kubernetesTruth(seed) },
];

function proxmoxTruth(seed: number, { master, settings: changes = {} }: ProxmoxArm): Truth {
  const settings = { ...defaultProxmoxSettings, ...changes };
  const random = new SeededRandom(seed).fork("formula");
  const lockAge = LRM_ROUND * random.next();
  const crmAge = CRM_ROUND * random.next();
  const token = (settings.token_ms + settings.token_coefficient_ms) / 1000;
  const change = TOKENS * token - HELD * random.next();
  const [soonest, latest] = forecastMasterLoss(crmAge);
  const moved = master
    ? soonest + (latest - soonest) * random.next()
    : forecastWorkerLoss({ lockAge, crmAge, change }).moved;
  const target = { kind: "idle", lrmAge: IDLE_LRM_ROUND * random.next(), change } as const;
  const { qemu_start_ms, guest_boot_ms } = settings.assumed;
  const recovery_ms = 1000 * forecastStart(moved + FLUSH, target) + qemu_start_ms + guest_boot_ms;
  const timers = proxmoxTimers({
    seed,
    settings,
    now: 100,
    // A renewal whose status is not written yet does not show.
    lockAge: lockAge < WRITTEN_AFTER ? lockAge + LRM_ROUND : lockAge,
    crmAge,
    master: master ? VICTIM : "pve3",
    nodes: ["pve1", VICTIM, "pve3"],
    isMaster: master,
  });
  return truth(seed, recovery_ms, { timing: { kind: "proxmox", settings }, timers });
}

/** `recovered = -r + d + grace + period + toleration + start`, where the readiness probe comes within its second. */
function kubernetesTruth(seed: number): Truth {
  const settings = defaultKubernetesSettings;
  const random = new SeededRandom(seed).fork("formula");
  const { node_monitor_period_ms, node_monitor_grace_ms, assumed } = settings;
  const leaseAge_ms = (settings.lease_duration_ms / 4) * random.next();
  const seenAfter_ms = node_monitor_period_ms * random.next();
  const start_ms =
    assumed.schedule_ms +
    assumed.container_start_ms +
    assumed.desktop_start_ms +
    1000 * random.next() +
    assumed.endpoint_propagation_ms;
  const unknown_ms = -leaseAge_ms + seenAfter_ms + node_monitor_grace_ms;
  const recovery_ms = unknown_ms + node_monitor_period_ms + 1000 + start_ms;
  const timers = kubernetesTimers({ seed, settings, now: 100, leaseAge: leaseAge_ms / 1000 });
  return truth(seed, recovery_ms, { timing: { kind: "kubernetes", settings }, timers });
}
