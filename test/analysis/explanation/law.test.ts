import { describe, expect, test } from "vitest";
import type { SpanMs } from "../../../src/base/interval.ts";
import { present } from "../../../src/base/assert.ts";
import { inSeconds, sinceOrigin } from "../../../src/base/time.ts";
import type { ClusterTimers, ControlPlaneEventKind } from "../../../src/model/cluster-facts.ts";
import type { Explanation } from "../../../src/model/explanation.ts";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";
import { wrongSum } from "../../support/wrong-sum.ts";
import { failover as kubernetesFailover } from "../../twin/kubernetes/failover.ts";
import { Scenario } from "../../twin/proxmox/scenario.ts";
import {
  KILL_MS,
  eventAt,
  explanationOf,
  kubernetesTimers,
  proxmoxTimers,
  toldAs,
} from "./told-trial.ts";

/**
 * Failovers of the twins, looked at as the tool does: polls a second apart, a kill and a return that are known to within
 * some 100 ms, ages to within a second. Seconds since the kill.
 */
interface Simulated {
  readonly seed: number;
  readonly timers: ClusterTimers;
  readonly victim: string;
  readonly heir: string;
  readonly truth: readonly (readonly [ControlPlaneEventKind, number])[];
  readonly back: number;
  /** How far apart looks at the control plane are; null: it is watched. */
  readonly look: number | null;
}

/** The last wait of each that is not computed: its truth lies between two of these. */
const bounds: Readonly<Record<string, readonly [from: string, to: string]>> = {
  "CRM round": ["membership-lost", "node-lost"],
  "fence delay": ["node-lost", "fencing-started"],
  "recovery and move": ["fenced", "node-chosen"],
  "target LRM": ["node-chosen", "instance-started"],
  "QEMU and guest boot": ["instance-started", "back"],
  "eviction pass": ["node-lost", "fencing-started"],
  toleration: ["fencing-started", "fenced"],
  "new pod": ["fenced", "node-chosen"],
  "container start": ["node-chosen", "instance-started"],
  "corosync membership": ["fault", "membership-lost"],
};

function explained(simulated: Simulated): { wrong: readonly string[]; explanation: Explanation } {
  const { seed, timers, victim, heir, truth, back, look } = simulated;
  const random = new SeededRandom(seed).fork("looks");
  const phase = random.next();
  const between = (at: number): SpanMs => {
    const first = look === null ? at - 0.05 : Math.floor((at - phase) / look) * look + phase;
    return [KILL_MS + first * 1000, KILL_MS + (first + (look ?? 0.08)) * 1000 + 20];
  };
  const events = truth.map(([kind, at]) => eventAt(kind, between(at), { victim, heir }));
  const early = 0.05 * random.next();
  const fault: SpanMs = [KILL_MS - 1000 * early, KILL_MS + 100 * random.next()];
  const begun = 0.25 * random.next();
  const returned: SpanMs = [KILL_MS + (back - begun) * 1000, KILL_MS + (back - begun + 0.3) * 1000];
  const told = toldAs({ timers, victim, heir, events, endpoint: "novnc" }, fault, returned);
  const explanation = explanationOf(told);
  const at = new Map<string, number>([["fault", 0], ["back", back], ...truth]);
  const misses = explanation.waits.flatMap(({ name, ms }) => {
    const bound = bounds[name];
    if (bound === undefined) return [];
    const [from, to] = bound.map((each) => present(at.get(each), each));
    const length = (present(to, "end") - present(from, "start")) * 1000;
    return length < ms[0] - 1 || length > ms[1] + 1
      ? [`${name}: ${length} is not in ${ms.join(" .. ")}`]
      : [];
  });
  const recovery = present(told.trial.durations_ms.recovery, "the recovery");
  return { wrong: [...wrongSum(explanation, recovery), ...misses], explanation };
}

/** What is wrong, with its seed. */
const complaints = (all: readonly Simulated[]): readonly object[] =>
  all.flatMap((each) => {
    const { wrong } = explained(each);
    return wrong.length === 0 ? [] : [{ seed: each.seed, wrong }];
  });

const SEEDS = Array.from({ length: 80 }, (_, index) => index + 1);

function proxmox(seed: number, master: boolean): Simulated {
  const victim = "pve2";
  const scenario = new Scenario(seed, { master: master ? victim : "pve3" });
  scenario.deploy(100, victim);
  scenario.wait(60 + 30 * scenario.random.next());
  const kill = scenario.now;
  const ageOf = (what: string, match: { node?: string; detail?: string }): number =>
    kill - present(scenario.times(what, 0, match).at(-1), what);
  const lock = ageOf("lock-renewed", { detail: `ha_agent_${victim}_lock` });
  const crm = ageOf("crm-round", { node: master ? victim : "pve3" });
  const states = scenario.twin.lrmStatus();
  scenario.twin.powerOff(victim);
  scenario.wait(260);
  const first = (what: string, match = {}): number =>
    present(scenario.times(what, kill, match)[0], `${what}, seed ${seed}`) - kill;
  const heir = scenario.nodeOf(100);
  const up = scenario.events.find(
    (event) => event.kind === "guest" && event.node === heir && event.state.phase === "up",
  );
  return {
    seed,
    victim,
    heir,
    look: 1,
    timers: proxmoxTimers({
      victim_is_master: master,
      lock_age_ms: [Math.max(0, lock - 0.8) * 1000, (lock + 0.3) * 1000],
      crm_age_ms: [Math.max(0, crm - 0.9) * 1000, (crm + 0.1) * 1000],
      lrm_states: Object.fromEntries(
        Object.entries(states).map(([node, { state }]) => [node, state]),
      ),
      at_ms: [KILL_MS, KILL_MS],
    }),
    truth: [
      ["membership-lost", first("membership")],
      ["node-lost", first("node-unknown", { node: victim })],
      ["fencing-started", first("node-fence", { node: victim })],
      ["fenced", first("fence-acknowledged", { node: victim })],
      ["node-chosen", first("service-moved", { detail: "vm:100" })],
      ["instance-started", present(scenario.guestStarts(100, kill)[0], "start") - kill],
    ],
    back: inSeconds(sinceOrigin(present(up, "the guest").at)) - kill,
  };
}

function kubernetes(seed: number): Simulated {
  const run = kubernetesFailover(seed, defaultKubernetesSettings, 1);
  const at = (value: number | null, what: string): number =>
    present(value, `${what}, seed ${seed}`);
  return {
    seed,
    victim: run.victim.node,
    heir: "the other",
    look: null,
    timers: kubernetesTimers({
      lease_age_ms: [Math.max(0, run.r - 0.05) * 1000, (run.r + 0.05) * 1000],
      at_ms: [KILL_MS, KILL_MS],
    }),
    truth: [
      ["node-lost", at(run.unknown, "unknown")],
      ["fencing-started", at(run.taint, "taint")],
      ["fenced", at(run.evicted, "evicted")],
      ["node-chosen", at(run.scheduled, "scheduled")],
      ["instance-started", at(run.running, "running")],
      ["endpoint-ready", at(run.ready, "ready")],
    ],
    back: at(run.recovered, "recovered"),
  };
}

/** The waits of each, all different tellings. */
const tellings = (all: readonly Simulated[]): ReadonlySet<string> =>
  new Set(all.map((each) => namesOf(explained(each).explanation)));

const namesOf = ({ waits }: Explanation): string => waits.map(({ name }) => name).join(", ");

describe("an explanation of a failover that the twin plays", () => {
  const workers = SEEDS.map((seed) => proxmox(seed, false));
  const masters = SEEDS.map((seed) => proxmox(seed, true));
  const pods = SEEDS.map((seed) => kubernetes(seed));

  test("adds up to the recovery, and each wait that was seen holds its truth: a worker of Proxmox VE", () => {
    expect(complaints(workers)).toEqual([]);
  });

  test("the same: the CRM master of Proxmox VE", () => {
    expect(complaints(masters)).toEqual([]);
  });

  test("the same: a worker of Kubernetes", () => {
    expect(complaints(pods)).toEqual([]);
  });

  test("leaves no wait untold: each has a bound of its own", () => {
    expect([...tellings(workers)]).toEqual([
      "corosync membership, CRM round, fence delay, agent lock, unlocking round, taking round, recovery and move, target LRM, QEMU and guest boot, probe",
    ]);
    expect([...tellings(masters)]).toEqual([
      "corosync membership, manager lock, new CRM master, fence delay, taking the agent lock, recovery and move, target LRM, QEMU and guest boot, probe",
    ]);
    expect([...tellings(pods)]).toEqual([
      "grace period, monitor pass, eviction pass, toleration, new pod, container start, desktop and readiness, routes, probe",
    ]);
  });
});
