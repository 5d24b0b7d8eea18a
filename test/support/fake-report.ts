import type { RangeMs } from "../../src/base/interval.ts";
import { answeredBy } from "../../src/analysis/answered-by.ts";
import { bulkOf } from "../../src/analysis/bulk.ts";
import { measureValues } from "../../src/analysis/measure-values.ts";
import { survivalPoints } from "../../src/analysis/survival.ts";
import { armSpells } from "../../src/analysis/arm-spells.ts";
import { present } from "../../src/base/assert.ts";
import type { DurationMeasure } from "../../src/model/experiment.ts";
import type { Explanation, WaitText } from "../../src/model/explanation.ts";
import { fakeHypotheses } from "./fake-hypotheses.ts";
import { durationMeasures } from "../../src/model/experiment.ts";
import { armWaits } from "../../src/analysis/explanation/arm-waits.ts";
import type {
  ArmReference,
  ArmReport,
  MeasureStatistics,
  RunReport,
  StatisticValue,
} from "../../src/model/run-report.ts";
import type {
  HeldSession,
  Outcome,
  Spell,
  TrialGrid,
  TrialInstants,
  TrialResult,
} from "../../src/model/trial-result.ts";

/** Text as a hostile guest or API would write it: markup, a formula, escapes, pipes, a quote, bidi, a broken pair. */
export const hostile =
  `=HYPERLINK("x") <script>alert(1)</script> & "q" 'a' | pipe | ]]> \u001b[31mred\u001b[0m ` +
  "\u001b]0;title\u0007\u0000\u0008\u202Eevil\uD800 `tick` [link](http://x) # no\r\nnew line\tend";

/** Three arms of ten trials, numbers like those of the thesis; one trial censored, one void with hostile words. */
export function fakeReport(changes: Partial<RunReport> = {}): RunReport {
  const trials = plans.flatMap((plan, arm) =>
    Array.from({ length: 10 }, (_, index) => fakeTrial(plan, arm, index + 1)),
  );
  return {
    format: 1,
    run: "20261122-140000-thesis-failover-7f3a",
    tool: "0.1.0",
    experiment: {
      name: "thesis-failover",
      title: "Failover of a desktop, Proxmox VE HA against Kubernetes",
      description:
        "Ten trials each; the victim loses power; a trial ends when the desktop shows a picture again.",
      seed: 1,
      order: "interleaved",
    },
    origin_wall: "2026-11-22T13:59:58.000Z",
    started_wall: "2026-11-22T14:00:00.000Z",
    ended_wall: "2026-11-22T15:52:10.000Z",
    length_ms: 6_730_000,
    end: "completed",
    end_detail: "",
    verdict: {
      name: "inconclusive",
      why: "9 of 10 planned trials of proxmox-guest are valid, and a pass needs all of them.",
      rules: [
        {
          text: "lost == 0",
          arm: "proxmox-guest",
          name: "pass",
          saw: "0 trials were lost",
          broken_by: [],
        },
        {
          text: "lost == 0",
          arm: "kubernetes",
          name: "fail",
          saw: "1 trial was lost",
          broken_by: [],
        },
        {
          text: "recovery.max <= 5m",
          arm: "proxmox-console",
          name: "pass",
          saw: "max of recovery is 142.1 s (141.9 .. 142.4)",
          broken_by: [],
        },
        {
          text: "recovery.max <= 2m",
          arm: "kubernetes",
          name: "inconclusive",
          saw: "9 of 10 trials are valid",
          broken_by: [],
        },
      ],
    },
    arms: plans.map((plan) => fakeArm(plan, trials)),
    trials,
    clusters: [
      {
        name: "lab-pve",
        identity: {
          kind: "proxmox",
          name: "lab-pve",
          fingerprint:
            "6A:1B:0C:9E:22:5F:81:DD:13:44:5A:6B:7C:8D:9E:AF:6A:1B:0C:9E:22:5F:81:DD:13:44:5A:6B:7C:8D:9E:AF",
          version: "8.4.1",
        },
        settings: [
          { name: "nodes", value: "3", source: "cluster" },
          { name: "totem.token", value: "3 s", source: "cluster" },
        ],
      },
      {
        name: "lab-k8s",
        identity: {
          kind: "kubernetes",
          name: "lab-k8s",
          fingerprint: "0d4c7a52-3b0e-4f4e-9f52-0a5f5a1c7d11",
          version: "v1.31.4",
        },
        settings: [{ name: "node-monitor-grace-period", value: "40 s", source: "inventory" }],
      },
    ],
    clock: { speed: 60, deadline_floor_ms: 6000, period_floor_ms: 1500 },
    comparisons: [
      {
        title: "Thesis, Proxmox VE",
        nearer: "proxmox-console",
        text:
          "proxmox-console lies nearer to the thesis than proxmox-guest (median −3.2 s against +12.9 s). " +
          "Neither was fitted to it: every constant is a rule of the source or one of the assumptions below.",
      },
    ],
    contrasts: [
      {
        arm: "kubernetes",
        against: "proxmox-guest",
        measures: [
          {
            measure: "recovery",
            n: [10, 9],
            censored: [1, 0],
            verdict: "faster",
            shift_ms: null,
            interval_ms: [null, -84_100],
            test: { name: "log-rank", method: "chi-squared", p: 0.0002, p_largest: 0.0003 },
            cliffs_delta: null,
          },
        ],
      },
      {
        arm: "proxmox-console",
        against: "proxmox-guest",
        measures: [
          {
            measure: "recovery",
            n: [10, 9],
            censored: [0, 0],
            verdict: "faster",
            shift_ms: -15_600,
            interval_ms: [-21_000, -9800],
            test: { name: "mann-whitney", method: "exact", p: 0.0041, p_largest: 0.0052 },
            cliffs_delta: { value: -0.92, interval: [-0.98, -0.71] },
          },
          {
            measure: "outage",
            n: [10, 9],
            censored: [0, 0],
            verdict: "no-evidence",
            shift_ms: -400,
            interval_ms: [-2100, 1300],
            test: { name: "mann-whitney", method: "exact", p: 0.612, p_largest: 0.7 },
            cliffs_delta: { value: -0.1, interval: [-0.5, 0.4] },
          },
        ],
      },
    ],
    hypotheses: fakeHypotheses,
    assumptions: [
      {
        cluster: "lab-pve",
        name: "guest_boot_ms",
        value: "16 s",
        why: "QEMU answering to the guest's noVNC answering",
      },
      {
        cluster: "lab-pve",
        name: "qemu_start_ms",
        value: "300 ms",
        why: "QEMU start to its VNC socket answering",
      },
      {
        cluster: "lab-k8s",
        name: "desktop_start_ms",
        value: "2.5 s",
        why: "container running to its noVNC answering",
      },
    ],
    downgrades: ["TLS of bmc-pve2 is not verified (tls: off)"],
    overrides: [{ guard: "other-workloads", trials: 2, saw: ["pve2 also runs mail (100)"] }],
    ...changes,
  };
}

interface ArmPlan {
  readonly name: string;
  readonly cluster: string;
  readonly kind: "proxmox" | "kubernetes";
  readonly nodes: readonly string[];
  /** Typical seconds of detection, fencing, placement, start, service. */
  readonly phases: readonly [number, number, number, number, number];
  readonly spread: number;
  readonly halfWidth: number;
  readonly reference: readonly number[];
}

const thesisPve = [133, 144, 134, 134, 135, 145, 136, 134, 135, 134];
const thesisK8s = [43, 47, 41, 44, 45, 49, 51, 45, 54, 44];

const plans: readonly ArmPlan[] = [
  {
    name: "proxmox-guest",
    cluster: "lab-pve",
    kind: "proxmox",
    nodes: ["pve2", "pve3"],
    phases: [61, 60, 0.4, 9, 16.4],
    spread: 9,
    halfWidth: 300,
    reference: thesisPve,
  },
  {
    name: "proxmox-console",
    cluster: "lab-pve",
    kind: "proxmox",
    nodes: ["pve3", "pve2"],
    phases: [61, 60, 0.4, 9, 0.8],
    spread: 9,
    halfWidth: 700,
    reference: thesisPve,
  },
  {
    name: "kubernetes",
    cluster: "lab-k8s",
    kind: "kubernetes",
    nodes: ["worker-1", "worker-2"],
    phases: [38, 1.4, 0.1, 1.5, 4],
    spread: 5,
    halfWidth: 40,
    reference: thesisK8s,
  },
];

/** Repeatable noise in [-1, 1). */
const noise = (arm: number, repetition: number, part: number): number => {
  const x = Math.sin(arm * 127.1 + repetition * 311.7 + part * 74.7) * 43_758.5453;
  return (x - Math.floor(x)) * 2 - 1;
};

function fakeTrial(plan: ArmPlan, arm: number, repetition: number): TrialResult {
  const outcome = outcomeOf(arm, repetition);
  const number = String(repetition * 3 + arm - 2).padStart(3, "0");
  const [victim = "", other = ""] = repetition % 2 === 0 ? plan.nodes : plan.nodes.toReversed();
  const marks = marksOf(plan, arm, repetition);
  const instants = instantsOf(marks, plan, outcome);
  return {
    trial: `${number}-${plan.name}-${repetition}`,
    arm: plan.name,
    repetition,
    seed: 1000 + arm * 100 + repetition,
    started_wall: `2026-11-22T14:${String(repetition * 3 + arm).padStart(2, "0")}:00.000Z`,
    outcome,
    victim,
    victim_was_master: plan.kind === "proxmox" ? false : null,
    cycle_age: {
      of: plan.kind === "proxmox" ? "agent-lock" : "lease",
      age_ms: [3000 + repetition * 700, 3200 + repetition * 700],
    },
    before: { node: victim, instance: `${plan.name}-old-${repetition}` },
    after:
      instants.back === null ? null : { node: other, instance: `${plan.name}-new-${repetition}` },
    answering: {
      before: `${plan.name} boot ${repetition}`,
      after: `${plan.name} boot ${repetition + 1}`,
    },
    instants,
    durations_ms: durationsOf(instants),
    not_measured:
      instants.back === null ? { recovery: "the endpoint was not seen back for good" } : {},
    explanation: explanationOf(plan, instants, repetition),
    spells: outcome.kind === "void" ? [] : spellsOf(marks, outcome),
    session: sessionOf(plan, marks, outcome),
    samples: { good: 90, bad: 480, unobserved: 2, flaps: repetition === 4 ? 1 : 0 },
    grid: gridOf(plan),
    clock_offsets: [{ host: victim, over: "ssh", offset_ms: [-3, 9] }],
    prediction: predictionOf(durationsOf(instants).recovery),
    pictures: { before: null, after: null },
    viewed_ms: [],
    notes: repetition === 4 ? ["observation-gap (GET /cluster/ha/status/manager_status)"] : [],
  };
}

/** Two modes 10 s apart, the likelier of which came about. */
function predictionOf(recovery: RangeMs | null): TrialResult["prediction"] {
  if (recovery === null) return null;
  const around = (ms: number): RangeMs => [recovery[0] + ms - 1000, recovery[1] + ms + 1000];
  const phase = [1000, 2000] as const;
  return {
    recovery_ms: around(0),
    recovery_median_ms: recovery[0],
    phases_ms: { detection: phase, fencing: phase, placement: phase, start: null, service: null },
    modes: [
      { name: "on time", why: "in time", share: 0.9, recovery_ms: around(0) },
      { name: "late by one round", why: "too late", share: 0.1, recovery_ms: around(10_000) },
    ],
    inside: true,
  };
}

/** The fault and the ends of the five phases. */
function marksOf(plan: ArmPlan, arm: number, repetition: number): readonly number[] {
  const marks = [(repetition * 3 + arm) * 220_000];
  for (const [part, phase] of plan.phases.entries()) {
    const spread = part === 0 ? plan.spread : 0.1;
    const seconds = Math.max(0.05, phase + spread * noise(arm, repetition, part));
    marks.push(present(marks.at(-1), "mark") + seconds * 1000);
  }
  return marks;
}

function instantsOf(marks: readonly number[], plan: ArmPlan, outcome: Outcome): TrialInstants {
  const span = (index: number, half: number, seen: boolean): RangeMs | null => {
    const middle = present(marks[index], "mark");
    return seen ? [Math.round(middle - half), Math.round(middle + half)] : null;
  };
  const struck = outcome.kind !== "void";
  const recovered = outcome.kind === "recovered";
  return {
    fault: span(0, 20, struck),
    lost: span(0, 150, struck),
    node_lost: span(1, 250, struck),
    fenced: span(2, 250, struck),
    node_chosen: span(3, 120, struck),
    instance_started: span(4, 120, recovered),
    back: span(5, plan.halfWidth, recovered),
  };
}

const durationsOf = (instants: TrialInstants): TrialResult["durations_ms"] => ({
  recovery: between(instants.fault, instants.back),
  outage: between(instants.lost, instants.back),
  detection: between(instants.fault, instants.node_lost),
  fencing: between(instants.node_lost, instants.fenced),
  placement: between(instants.fenced, instants.node_chosen),
  start: between(instants.node_chosen, instants.instance_started),
  service: between(instants.instance_started, instants.back),
});

/** One wait a phase; those of Proxmox VE's detection and fencing are owned by its agent lock. */
function explanationOf(
  plan: ArmPlan,
  instants: TrialInstants,
  repetition: number,
): Explanation | null {
  const { fault, node_lost, fenced, node_chosen, instance_started, back } = instants;
  const ends = [fault, node_lost, fenced, node_chosen, instance_started, back];
  if (fault === null || back === null) return null;
  const outside = repetition === 4;
  return {
    waits: textsOf(plan).map((text, index) => {
      const [from, to] = [present(ends[index], "start"), present(ends[index + 1], "end")];
      return {
        ...text,
        ms: present(between(from, to), "length"),
        likely_ms: (to[0] + to[1] - from[0] - from[1]) / 2,
      };
    }),
    placed: outside ? "outside" : "inside",
    causes: outside ? [`a slow boot of ${hostile}`] : [],
  };
}

const textsOf = ({ kind }: ArmPlan): readonly WaitText[] =>
  (kind === "proxmox"
    ? ([
        ["detection", "corosync membership", "totem.token = 3000 ms", "a smaller totem.token"],
        ["fencing", "agent lock", null, null],
        ["placement", "recovery and move", null, null],
        ["start", "target LRM", "LRM of the target = idle", null],
        ["service", "QEMU and guest boot", null, "a guest that boots faster"],
      ] as const)
    : ([
        [
          "detection",
          "grace period",
          "node-monitor-grace-period = 40 s",
          "a shorter --node-monitor-grace-period",
        ],
        ["fencing", "eviction pass", "node-monitor-period = 5 s", "a shorter period"],
        ["placement", "new pod", null, null],
        ["start", "container start", null, "the image on every node"],
        ["service", "desktop and readiness", null, "a desktop that starts faster"],
      ] as const)
  ).map(([phase, name, setting, shorten]) => ({
    name,
    phase,
    setting,
    shorten,
    rule: `The rule of ${name}.`,
    source: `${kind} ${name}.pm:1`,
    within: name === "corosync membership" ? "agent lock" : null,
  }));

const between = (from: RangeMs | null, to: RangeMs | null): RangeMs | null =>
  from === null || to === null
    ? null
    : [Math.max(0, to[0] - from[1]), Math.max(0, to[1] - from[0])];

const gridOf = (plan: ArmPlan): TrialGrid => ({
  endpoint:
    plan.kind === "proxmox" ? "ws://127.9.0.14:6080/websockify" : "ws://127.9.1.1:80/websockify",
  period_ms: plan.name === "proxmox-console" ? 2000 : 1500,
  connect_timeout_ms: 6000,
  attempt_timeout_ms: 6000,
  depth: "frame",
  consecutive: 4,
});

function outcomeOf(arm: number, repetition: number): Outcome {
  if (arm === 0 && repetition === 7) return { kind: "void", why: `no steady state: ${hostile}` };
  if (arm === 2 && repetition === 9) return { kind: "censored", longer_than_ms: 180_000 };
  return { kind: "recovered", instance: "new" };
}

function spellsOf(marks: readonly number[], outcome: Outcome): readonly Spell[] {
  const fault = present(marks[0], "fault");
  const started = present(marks[4], "start");
  const recovered = outcome.kind === "recovered";
  const back = recovered ? present(marks[5], "back") : fault + 180_000;
  return [
    spell("answering", fault - 5000, fault + 50),
    spell("silent", fault + 50, started),
    spell("refused", started, (started + back) / 2),
    spell("handshake", (started + back) / 2, back),
    ...(recovered ? [spell("answering", back, back + 6000)] : []),
  ];
}

const spell = (kind: Spell["kind"], from_ms: number, to_ms: number): Spell => ({
  kind,
  from_ms,
  to_ms,
  samples: 1 + Math.round((to_ms - from_ms) / 1500),
  length_ms: [Math.max(0, to_ms - from_ms - 1500), to_ms - from_ms + 1500],
});

function sessionOf(plan: ArmPlan, marks: readonly number[], outcome: Outcome): HeldSession | null {
  if (outcome.kind === "void") return null;
  const fault = present(marks[0], "fault");
  const isBack = outcome.kind === "recovered";
  const until_ms = isBack ? present(marks[5], "back") : fault + 200_000;
  const since_ms = [fault - 900, fault + 100] as const;
  return {
    instance: `${plan.name} boot`,
    opened_ms: fault - 15_000,
    freezes: [{ since_ms, until_ms }],
    frozen_ms: [until_ms - since_ms[1], until_ms - since_ms[0]],
    end: { how: isBack ? "reset" : "left-open", at_ms: until_ms, detail: "" },
  };
}

function fakeArm(plan: ArmPlan, all: readonly TrialResult[]): ArmReport {
  const trials = all.filter(({ arm }) => arm === plan.name);
  const count = (kind: Outcome["kind"]): number =>
    trials.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    name: plan.name,
    cluster: plan.cluster,
    cluster_kind: plan.kind,
    fault: "power off over IPMI",
    desktop:
      plan.kind === "proxmox"
        ? "clone of VM 9000"
        : "registry.example/novnc-desktop:1, toleration 1 s",
    placement: plan.kind === "proxmox" ? "not on the CRM master" : "any node",
    moment: "at a random moment of the cluster's cycle",
    planned: 10,
    outcomes: {
      recovered: count("recovered"),
      "no-outage": count("no-outage"),
      censored: count("censored"),
      void: count("void"),
      refused: 0,
      interrupted: 0,
      missing: 0,
    },
    statistics: durationMeasures.map((measure) => statisticsOver(measure, trials)),
    bulk: bulkOf(trials),
    survival: survivalPoints(measureValues(trials, "recovery")),
    strata: [],
    answered_by: answeredBy(trials),
    spells: armSpells(trials),
    waits: armWaits(trials),
    reference: referenceOf(plan, trials),
  };
}

function statisticsOver(
  measure: DurationMeasure,
  trials: readonly TrialResult[],
): MeasureStatistics {
  const ranges = trials.flatMap(({ outcome, durations_ms }) => {
    const range = durations_ms[measure];
    return outcome.kind === "recovered" && range !== null ? [range] : [];
  });
  const value = (
    of: (values: readonly number[]) => number,
    label: string | null = null,
  ): StatisticValue => ({
    value_ms: of(ranges.map(([low, high]) => (low + high) / 2)),
    range_ms: [of(ranges.map(([low]) => low)), of(ranges.map(([, high]) => high))],
    label,
  });
  const largest = `largest of ${ranges.length}`;
  return {
    measure,
    n: ranges.length,
    censored: trials.filter(({ outcome }) => outcome.kind === "censored").length,
    values_ms: {
      min: value((values) => Math.min(...values)),
      median: value(median),
      mean: value(mean),
      p90: value((values) => Math.max(...values), largest),
      p95: value((values) => Math.max(...values), largest),
      max: value((values) => Math.max(...values)),
    },
    sd_ms: value(deviation),
    median_interval_ms: value((values) => median(values)).range_ms,
    kaplan_meier: null,
  };
}

function referenceOf(plan: ArmPlan, trials: readonly TrialResult[]): ArmReference {
  const values = plan.reference.map((seconds) => seconds * 1000);
  const measured = statisticsOver("recovery", trials).values_ms.median?.value_ms ?? 0;
  const shift = measured - median(values);
  return {
    title: plan.kind === "proxmox" ? "Thesis, Proxmox VE" : "Thesis, Kubernetes",
    source: "data/thesis-failover.csv",
    measure: "recovery",
    n: values.length,
    values_ms: values,
    median_ms: median(values),
    mean_ms: mean(values),
    sd_ms: deviation(values),
    min_ms: Math.min(...values),
    max_ms: Math.max(...values),
    shift_ms: shift,
    shift_interval_ms: [shift - 2100, shift + 1900],
    ecdf_distance: 0.6,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const median = (values: readonly number[]): number => {
  const ordered = values.toSorted((a, b) => a - b);
  const half = ordered.length / 2;
  return (
    (present(ordered[Math.ceil(half) - 1], "value") + present(ordered[Math.floor(half)], "value")) /
    2
  );
};

const deviation = (values: readonly number[]): number =>
  Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1),
  );
