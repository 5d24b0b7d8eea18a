import { predictTrial } from "../../../src/analysis/prediction/predict-trial.ts";
import { present } from "../../../src/base/assert.ts";
import type { RangeMs } from "../../../src/base/interval.ts";
import type { Random } from "../../../src/contracts/random.ts";
import type { ClusterTimers } from "../../../src/model/cluster-facts.ts";
import type { DesktopSpec } from "../../../src/model/experiment.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { Prediction } from "../../../src/model/prediction.ts";
import type { ProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import { defaultProxmoxSettings } from "../../../src/model/proxmox-settings.ts";
import type { Timing } from "../../../src/model/survey.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { failover as kubernetesFailover } from "../../twin/kubernetes/failover.ts";
import { Scenario } from "../../twin/proxmox/scenario.ts";

/**
 * Failovers of a twin that was settled for a minute or more and killed at a random moment, each with what a driver can read
 * of it just before, doubts included, and the prediction from that.
 */
export interface Truth {
  readonly seed: number;
  readonly recovery_ms: number;
  readonly prediction: Prediction;
}

export interface Arm {
  readonly name: string;
  readonly play: (seed: number) => Truth;
}

/** Fewer than a trial's own 300: the ends of the central 95 % are then as sure, and a little wider. */
const FAILOVERS = 100;
const VICTIM = "pve2";
/** PVE is looked at once a second, and a stamp is a whole second: a write is known to a second, a renewal to two. */
const LOOK_MS = 1000;
const RENEWAL_BEFORE_WRITE_MS = 1100;

const proxmox = (
  name: string,
  options: { readonly master: boolean; readonly settings?: Partial<ProxmoxSettings> },
): Arm => ({ name, play: (seed) => proxmoxTruth(seed, options) });

export const arms: readonly Arm[] = [
  proxmox("Proxmox VE, three nodes", { master: false }),
  proxmox("Proxmox VE, three nodes, coefficient 125", {
    master: false,
    settings: { token_coefficient_ms: 125 },
  }),
  proxmox("Proxmox VE, three nodes, the CRM master is hit", { master: true }),
  { name: "Kubernetes, toleration 1 s", play: (seed) => kubernetesTruth(seed) },
];

function proxmoxTruth(
  seed: number,
  { master, settings: changes = {} }: Parameters<typeof proxmox>[1],
): Truth {
  const settings = { ...defaultProxmoxSettings, ...changes };
  const scenario = new Scenario(seed, { settings: changes, master: master ? VICTIM : "pve3" });
  scenario.deploy(100, VICTIM);
  scenario.wait(60 + 30 * scenario.random.next());
  const timers = readProxmox(scenario, settings, master);
  const killedAt = scenario.now;
  scenario.twin.powerOff(VICTIM);
  scenario.wait(300);
  const back = present(
    scenario.events.find(
      (event) => event.kind === "guest" && event.state.phase === "up" && event.at / 1e9 > killedAt,
    ),
    `seed ${seed}: recovered`,
  );
  return {
    seed,
    recovery_ms: back.at / 1e6 - killedAt * 1000,
    prediction: predicted({ kind: "proxmox", settings }, timers, { victim: VICTIM, seed }),
  };
}

function readProxmox(
  scenario: Scenario,
  settings: ProxmoxSettings,
  master: boolean,
): ClusterTimers {
  const now_ms = scenario.now * 1000;
  const doubt = new SeededRandom(scenario.random.seed).fork("looks");
  const lastWrite = (what: string, node: string): number =>
    present(
      scenario.times(what, 0, { node }).findLast((time) => time <= scenario.now),
      `${what} of ${node}`,
    );
  const ages = (written_s: number): RangeMs => {
    const age = now_ms - written_s * 1000;
    const before = LOOK_MS * doubt.next();
    return [Math.max(0, age - before), age + LOOK_MS - before];
  };
  // Its round began this much before the status was written.
  const renewed = lastRenewal(scenario);
  const lock = ages(renewed + 1.036);
  const { master: leader } = scenario.twin.managerStatus();
  return {
    kind: "proxmox",
    master: leader,
    victim_is_master: master,
    lock_age_ms: [lock[0], lock[1] + RENEWAL_BEFORE_WRITE_MS],
    crm_age_ms: ages(lastWrite("crm-round", leader ?? "") + 0.02),
    lrm_states: Object.fromEntries(
      scenario.twin.nodes.map(({ name }) => [
        name,
        name === VICTIM ? "active" : "wait_for_agent_lock",
      ]),
    ),
    nodes: settings.nodes,
    token_ms: settings.token_ms,
    token_coefficient_ms: settings.token_coefficient_ms,
    at_ms: [now_ms, now_ms],
  };
}

/** The latest whose status had been written; one that was renewed a moment ago does not show yet. */
function lastRenewal(scenario: Scenario): number {
  return present(
    scenario
      .times("lock-renewed", 0, { detail: `ha_agent_${VICTIM}_lock` })
      .findLast((time) => time + 1.036 <= scenario.now),
    "a renewal",
  );
}

function kubernetesTruth(seed: number): Truth {
  const settings = defaultKubernetesSettings;
  const { r, kill, recovered } = kubernetesFailover(seed, settings, 1);
  const age_ms = r * 1000;
  const doubt = 100 * new SeededRandom(seed).fork("watch").next();
  const timers: ClusterTimers = {
    kind: "kubernetes",
    lease_age_ms: [Math.max(0, age_ms - doubt), age_ms + 100 - doubt],
    node_monitor_period_ms: settings.node_monitor_period_ms,
    node_monitor_grace_ms: settings.node_monitor_grace_ms,
    toleration_s: 1,
    start_ms: null,
    at_ms: [kill / 1e6, kill / 1e6],
  };
  return {
    seed,
    recovery_ms: present(recovered, `seed ${seed}: recovered`) * 1000,
    prediction: predicted({ kind: "kubernetes", settings }, timers, { victim: "worker1", seed }),
  };
}

function predicted(
  timing: Timing,
  timers: ClusterTimers,
  { victim, seed }: { readonly victim: string; readonly seed: number },
): Prediction {
  const random: Random = new SeededRandom(seed).fork("prediction");
  const known = {
    timing,
    timers,
    victim,
    desktop: timing.kind === "proxmox" ? vm : pod,
    fault: { kind: "power", action: "off", over: "ipmi" } as const,
    events: [],
    killed: timers.at_ms,
  };
  return present(predictTrial(known, random, FAILOVERS), "a prediction");
}

const vm: DesktopSpec = {
  kind: "proxmox",
  source: { kind: "existing", vmid: 100 },
  reach: { kind: "guest", address: null, port: 6080, page: "/vnc.html", websocket: "/websockify" },
  vnc_password: null,
};

const pod: DesktopSpec = {
  kind: "kubernetes",
  namespace: "desk",
  image: "desktop:1",
  port: 6080,
  toleration_s: 1,
  page: "/vnc.html",
  websocket: "/websockify",
  reach: { kind: "node-port" },
  vnc_password: null,
};
