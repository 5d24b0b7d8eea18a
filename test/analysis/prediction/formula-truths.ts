import { FAILOVERS_OF_TRIAL } from "../../../src/analysis/prediction/predict-trial.ts";
import type { RangeMs } from "../../../src/base/interval.ts";
import type { Random } from "../../../src/contracts/random.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { forecastStart, forecastWorkerLoss } from "../../twin/proxmox/failover-formulas.ts";
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

const LOCK_LIFE = 121;
const SLAVE_TRIES_EVERY = 1;
/** Until 60 s have passed since the first round that missed the node. */
const FENCE_ROUNDS = 6;
/** A status file is written so long after its loop's round began, in seconds. */
const CRM_WRITES_AFTER = 0.02;
const EMPTY_LRM_WRITES_AFTER = 0.036;
/** From the reading of the timers to the kill: as BMCs are slow, and guards ask last questions. */
const AGED = { from: 0.5, to: 3 };

/** By how much the first start of a run is slower than others, at most; and how well a start is known. */
const COLD_MS = 1800;
const POLLED_MS = 250;

interface ProxmoxArm {
  readonly master?: boolean;
  readonly settings?: Partial<ProxmoxSettings>;
  /** The LRM of the node that it goes to. */
  readonly target?: "idle" | "active";
  /** The timers were read some time before the kill. */
  readonly aged?: boolean;
}

const proxmox = (name: string, options: ProxmoxArm = {}): Arm => ({
  name: `Proxmox VE, three nodes${name}`,
  // An active target has its next round just before or just after the service is its own, and so 10 s apart.
  narrow: options.target !== "active",
  play: (seed) => proxmoxTruth(seed, options),
});

/** Failovers by the closed formulas alone: nothing of the twin is in them. */
export const formulaArms: readonly Arm[] = [
  proxmox(""),
  proxmox(", coefficient 125", { settings: { token_coefficient_ms: 125 } }),
  proxmox(", the CRM master is hit", { master: true }),
  proxmox(", to an LRM that is active", { target: "active" }),
  proxmox(", timers read a while before", { aged: true }),
  { name: "Kubernetes, toleration 1 s", play: (seed) => kubernetesTruth(seed, 0) },
  { name: "Kubernetes, one start was seen", play: (seed) => kubernetesTruth(seed, 1) },
  { name: "Kubernetes, five starts were seen", play: (seed) => kubernetesTruth(seed, 5) },
];

function proxmoxTruth(
  seed: number,
  { master = false, settings: changes = {}, target: kind = "idle", aged = false }: ProxmoxArm,
): Truth {
  const settings = { ...defaultProxmoxSettings, ...changes };
  const random = new SeededRandom(seed).fork("formula");
  const lockAge = LRM_ROUND * random.next();
  const crmAge = CRM_ROUND * random.next();
  const token = (settings.token_ms + settings.token_coefficient_ms) / 1000;
  const change = TOKENS * token - HELD * random.next();
  const moved = master
    ? masterMoved(crmAge, change, random)
    : forecastWorkerLoss({ lockAge, crmAge, change }).moved;
  const targetRound = kind === "idle" ? IDLE_LRM_ROUND : LRM_ROUND;
  const target = { kind, lrmAge: targetRound * random.next(), change };
  const { qemu_start_ms, guest_boot_ms } = settings.assumed;
  const recovery_ms = 1000 * forecastStart(moved + FLUSH, target) + qemu_start_ms + guest_boot_ms;
  const since = aged ? AGED.from + (AGED.to - AGED.from) * random.next() : 0;
  const before = (age: number, round: number, writesAfter: number): number =>
    shownBefore(age - since, round, writesAfter);
  const targetWrites = kind === "idle" ? 0 : EMPTY_LRM_WRITES_AFTER;
  const timers = proxmoxTimers({
    seed,
    settings,
    now: 100,
    lockAge: before(lockAge, LRM_ROUND, WRITTEN_AFTER),
    crmAge: before(crmAge, CRM_ROUND, CRM_WRITES_AFTER),
    master: master ? VICTIM : "pve3",
    nodes: ["pve1", VICTIM, "pve3"],
    isMaster: master,
    target: {
      node: "pve1",
      active: kind === "active",
      age: before(target.lrmAge, targetRound, targetWrites) - targetWrites,
    },
  });
  const timing = { kind: "proxmox", settings } as const;
  return truth(seed, recovery_ms, { timing, timers, since_ms: 1000 * since });
}

/**
 * A lock's age is counted in whole seconds, from the whole second of its renewal. The slaves' tries have waited out the freeze,
 * and so come together, once a second from its end on: one has it deleted, and the next one takes it (facts/proxmox-ve.md 1.4,
 * 7). The new master counts its rounds from then.
 */
function masterMoved(crmAge: number, change: number, random: Random): number {
  const expired = LOCK_LIFE - crmAge - random.next();
  const tries = Math.ceil((expired - change) / SLAVE_TRIES_EVERY) + 1;
  return change + tries * SLAVE_TRIES_EVERY + FENCE_ROUNDS * CRM_ROUND;
}

/** The age of the latest round that shows: one whose status is not written yet does not. */
const shownBefore = (age: number, round: number, writesAfter: number): number =>
  age < writesAfter ? age + round : age;

/** `recovered = -r + d + grace + period + toleration + start`, where the readiness probe comes within its second. */
function kubernetesTruth(seed: number, seen: number): Truth {
  const settings = defaultKubernetesSettings;
  const random = new SeededRandom(seed).fork("formula");
  const { node_monitor_period_ms, node_monitor_grace_ms, assumed } = settings;
  const leaseAge_ms = (settings.lease_duration_ms / 4) * random.next();
  const seenAfter_ms = node_monitor_period_ms * random.next();
  // By the kubelet's next relist, which the settings' own start has not, and its next readiness probe.
  const ready = (): number =>
    assumed.container_start_ms +
    assumed.desktop_start_ms +
    (seen === 0 ? 0 : 1000 * random.next()) +
    1000 * random.next();
  const start_ms = assumed.schedule_ms + ready() + assumed.endpoint_propagation_ms;
  const starts_ms = Array.from({ length: seen }, (_, index): RangeMs => {
    const took = ready() + (index === 0 ? COLD_MS * random.next() : 0);
    const before = POLLED_MS * random.next();
    return [took - before, took + POLLED_MS - before];
  });
  const unknown_ms = -leaseAge_ms + seenAfter_ms + node_monitor_grace_ms;
  const recovery_ms = unknown_ms + node_monitor_period_ms + 1000 + start_ms;
  const timers = kubernetesTimers({
    seed,
    settings,
    now: 100,
    leaseAge: leaseAge_ms / 1000,
    starts_ms,
  });
  const timing = { kind: "kubernetes", settings } as const;
  const known = { timing, timers };
  return truth(seed, recovery_ms, seen === 1 ? { ...known, failovers: FAILOVERS_OF_TRIAL } : known);
}
