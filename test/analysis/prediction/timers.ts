import type { RangeMs } from "../../../src/base/interval.ts";
import type { ClusterTimers } from "../../../src/model/cluster-facts.ts";
import type { KubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

export const VICTIM = "pve2";
/** Seconds from the renewal of an agent lock to the LRM's status being written. */
export const WRITTEN_AFTER = 1.036;

/** PVE is looked at once a second, and a stamp is a whole second: a write is known to a second, a renewal to two. */
const LOOK_MS = 1000;
const RENEWAL_BEFORE_WRITE_MS = 1100;
/** A watch tells a renewal within this. */
const WATCH_MS = 100;

/** Seconds of a Proxmox VE cluster at the kill. */
interface ProxmoxState {
  readonly seed: number;
  readonly settings: ProxmoxSettings;
  readonly now: number;
  /** Of the latest renewal of the victim's agent lock whose status had been written. */
  readonly lockAge: number;
  /** Since the master's latest round began. */
  readonly crmAge: number;
  readonly master: string | null;
  readonly nodes: readonly string[];
  readonly isMaster: boolean;
  /** Of the node that the desktop is going to, since its LRM wrote its status; not there: idle, of any age. */
  readonly target?: { readonly node: string; readonly active: boolean; readonly age: number };
}

/** What a driver reads of that, doubts included. */
export function proxmoxTimers(state: ProxmoxState): ClusterTimers {
  const { settings, now, master } = state;
  const doubt = new SeededRandom(state.seed).fork("looks");
  const seen = (age_s: number): RangeMs => {
    const age = age_s * 1000;
    const before = LOOK_MS * doubt.next();
    return [Math.max(0, age - before), age + LOOK_MS - before];
  };
  const lock = seen(state.lockAge - WRITTEN_AFTER);
  const { target } = state;
  const stateOf = (name: string): string =>
    name === VICTIM || (target?.active === true && name === target.node)
      ? "active"
      : "wait_for_agent_lock";
  return {
    kind: "proxmox",
    master,
    victim_is_master: state.isMaster,
    lock_age_ms: [lock[0], lock[1] + RENEWAL_BEFORE_WRITE_MS],
    crm_age_ms: seen(state.crmAge - 0.02),
    lrm_states: Object.fromEntries(state.nodes.map((name) => [name, stateOf(name)])),
    ...(target === undefined ? {} : { lrm_ages_ms: { [target.node]: seen(target.age) } }),
    nodes: settings.nodes,
    token_ms: settings.token_ms,
    token_coefficient_ms: settings.token_coefficient_ms,
    at_ms: [now * 1000, now * 1000],
  };
}

/** What a driver reads of a Kubernetes cluster whose victim's Lease was renewed `leaseAge` seconds before `now`. */
export function kubernetesTimers({
  seed,
  settings,
  now,
  leaseAge,
  starts_ms = [],
}: {
  readonly seed: number;
  readonly settings: KubernetesSettings;
  readonly now: number;
  readonly leaseAge: number;
  readonly starts_ms?: readonly RangeMs[];
}): ClusterTimers {
  const age_ms = leaseAge * 1000;
  const doubt = WATCH_MS * new SeededRandom(seed).fork("watch").next();
  return {
    kind: "kubernetes",
    lease_age_ms: [Math.max(0, age_ms - doubt), age_ms + WATCH_MS - doubt],
    node_monitor_period_ms: settings.node_monitor_period_ms,
    node_monitor_grace_ms: settings.node_monitor_grace_ms,
    toleration_s: 1,
    start_ms: starts_ms[0] ?? null,
    starts_ms,
    at_ms: [now * 1000, now * 1000],
  };
}
