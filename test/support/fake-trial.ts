import type { SpanMs } from "../../src/base/interval.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { ControlPlaneEventKind, DesktopHandle } from "../../src/model/cluster-facts.ts";
import type { Arm } from "../../src/model/experiment.ts";
import type { TrialFact } from "../../src/model/journal.ts";
import type { PlannedTrial } from "../../src/model/plan.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Down } from "./fake-attempts.ts";
import { fakeSamples } from "./fake-attempts.ts";
import { health } from "./fake-study.ts";

export type FakeFate =
  "recovers" | "flaps" | "still-down" | "never-lost" | "not-confirmed" | "not-steady" | "refused";

export interface FakeTrial {
  readonly events: readonly { readonly at_ms: number; readonly event: TrialFact }[];
  readonly samples: readonly Sample[];
  /** Null where there was no such moment. */
  readonly truth: { readonly fault_ms: number | null; readonly back_ms: number | null };
}

interface Request {
  readonly trial: PlannedTrial;
  readonly arm: Arm;
  readonly at_ms: number;
  readonly fate: FakeFate;
}

const victimOf = (arm: Arm): string => (arm.desktop.kind === "proxmox" ? "pve2" : "worker1");
const heirOf = (arm: Arm): string => (arm.desktop.kind === "proxmox" ? "pve3" : "worker2");

/** One trial told twice: as the truth, and as journal and samples would have it. */
export function fakeTrial(request: Request, random: Random): FakeTrial {
  const { fate, at_ms } = request;
  const events = [...opening(request)];
  const stop = (facts: readonly TrialFact[], samples: readonly Sample[]): FakeTrial => ({
    events: [...events, ...facts.map((event, index) => ({ at_ms: at_ms + 22_000 + index, event }))],
    samples,
    truth: { fault_ms: null, back_ms: null },
  });
  if (fate === "not-steady") {
    const detail = "the desktop never answered 4 times in a row: refused, deepest layer none";
    return stop([{ kind: "no-steady-state", detail }, ended("void", detail)], []);
  }
  if (fate === "refused") {
    const refusals = [{ guard: "quorum", saw: "2 of 3 votes", needs: "3 votes" }];
    return stop([{ kind: "refused", refusals }, ended("refused", "quorum: 2 of 3 votes")], []);
  }
  const story = storyOf(request, random);
  if (fate === "not-confirmed") {
    const detail = "chassis power status is still on after 30 s";
    const facts = [
      { kind: "fault-not-confirmed", detail } as const,
      ended("void", `the victim is not proven gone: ${detail}`),
    ];
    return stop(facts, watched(request, story, random));
  }
  return {
    events: [...events, ...middleOf(request, story), ...closing(request, story)],
    samples: watched(request, story, random),
    truth: { fault_ms: story.fault_ms, back_ms: story.back_ms },
  };
}

const ended = (
  end: Extract<TrialFact, { readonly kind: "trial-ended" }>["end"],
  detail: string,
): TrialFact => ({ kind: "trial-ended", end, detail });

function opening({ trial, arm, at_ms }: Request): FakeTrial["events"] {
  const node = victimOf(arm);
  const facts: readonly TrialFact[] = [
    {
      kind: "trial-started",
      arm: arm.name,
      repetition: trial.repetition,
      cluster: arm.cluster,
      seed: trial.seed,
    },
    { kind: "cluster-ready", health: health() },
    {
      kind: "desktop-deployed",
      desktop: handleOf(arm),
      whereabouts: { node, instance: "instance-1" },
    },
    {
      kind: "observing",
      endpoint: "novnc http://127.0.0.1:6080/vnc.html",
      control: "tcp 127.0.0.2:8006",
      grid: { period_ms: arm.probe.period_ms, phase_ms: 0 },
      timeouts: {
        connect_ms: arm.probe.connect_timeout_ms,
        attempt_ms: arm.probe.attempt_timeout_ms,
      },
      depth: arm.probe.depth,
      lateness_ms: 0,
      consecutive: arm.probe.consecutive,
    },
  ];
  return facts.map((event, index) => ({ at_ms: at_ms + 2000 * index, event }));
}

const handleOf = (arm: Arm): DesktopHandle =>
  arm.desktop.kind === "proxmox"
    ? { kind: "proxmox", vmid: 100, name: "desktop", mark: "fake", owned: true, before: null }
    : {
        kind: "kubernetes",
        namespace: "blackout",
        name: "desktop",
        mark: "fake",
        reach: "ingress",
        owns_namespace: true,
      };

/** When what truly happened. */
interface Story {
  readonly fault_ms: number;
  readonly cycle_age_ms: number;
  readonly steps: readonly (readonly [ControlPlaneEventKind, at_ms: number])[];
  readonly downs: readonly Down[];
  /** Null: never lost, or never back. */
  readonly back_ms: number | null;
  readonly end_ms: number;
}

function storyOf({ arm, at_ms, fate }: Request, random: Random): Story {
  const fault_ms = at_ms + 20_000 + 2000 * random.next();
  const cycle_age_ms = 10_000 * random.next();
  if (fate === "never-lost" || fate === "not-confirmed") {
    const end_ms = fault_ms + 30_000;
    return { fault_ms, cycle_age_ms, steps: [], downs: [], back_ms: null, end_ms };
  }
  const steps = stepsOf(arm, fault_ms, cycle_age_ms);
  const started_ms = steps.at(-1)?.[1] ?? fault_ms;
  if (fate === "still-down") {
    const end_ms = fault_ms + arm.limits.recovery_ms;
    const down: Down = { from_ms: fault_ms, to_ms: end_ms + 60_000, as: "silent" };
    return {
      fault_ms,
      cycle_age_ms,
      steps: steps.slice(0, 1),
      downs: [down],
      back_ms: null,
      end_ms,
    };
  }
  const boot_ms = arm.name === "proxmox-guest" ? 16_000 : arm.name === "kubernetes" ? 2800 : 300;
  const first_ms = started_ms + boot_ms + 500 * random.next();
  const { period_ms, consecutive } = arm.probe;
  const gap_ms = 1.6 * period_ms;
  const back_ms = fate === "flaps" ? first_ms + 2 * gap_ms : first_ms;
  const downs: readonly Down[] = [
    { from_ms: fault_ms + 5 * random.next(), to_ms: started_ms, as: "silent" },
    { from_ms: started_ms, to_ms: first_ms, as: "refused" },
    ...(fate === "flaps"
      ? [{ from_ms: first_ms + gap_ms, to_ms: back_ms, as: "closing" } as const]
      : []),
  ];
  const end_ms = back_ms + (consecutive + 1) * period_ms;
  return { fault_ms, cycle_age_ms, steps, downs, back_ms, end_ms };
}

function stepsOf(arm: Arm, fault_ms: number, age_ms: number): Story["steps"] {
  const [lost, fenced, chosen, started] =
    arm.desktop.kind === "proxmox"
      ? [6000, 118_000 + (age_ms < 5000 ? 10_000 : 0), 200, 3000]
      : [50_000 - age_ms, 1100, 20, 1500];
  const lost_ms = fault_ms + lost;
  const fenced_ms = (arm.desktop.kind === "proxmox" ? fault_ms : lost_ms) + fenced;
  return [
    ["node-lost", lost_ms],
    ["fenced", fenced_ms],
    ["node-chosen", fenced_ms + chosen],
    ["instance-started", fenced_ms + chosen + started],
  ];
}

function watched({ trial, arm, at_ms }: Request, story: Story, random: Random): readonly Sample[] {
  const { probe } = arm;
  const named = arm.name !== "proxmox-console";
  return fakeSamples({
    trial: trial.id,
    downs: story.downs,
    start_ms: at_ms + 6000 + probe.period_ms * random.next(),
    end_ms: story.end_ms,
    period_ms: probe.period_ms,
    connect_timeout_ms: probe.connect_timeout_ms,
    attempt_timeout_ms: probe.attempt_timeout_ms,
    random,
    unobserved: 0.002,
    instance: (now) => (named ? (now < story.fault_ms + 1000 ? "boot-1" : "boot-2") : null),
  });
}

function middleOf({ arm }: Request, story: Story): FakeTrial["events"] {
  const { fault_ms } = story;
  const node = victimOf(arm);
  const instance = arm.name === "proxmox-console" ? null : "boot-1";
  const read: SpanMs = [fault_ms - 900, fault_ms - 800];
  const age = story.cycle_age_ms - 850;
  const facts: readonly (readonly [number, TrialFact])[] = [
    [-1500, { kind: "steady", samples: 4, instance }],
    [-1200, { kind: "victim-found", node, whereabouts: { node, instance: "instance-1" } }],
    [-800, { kind: "timers", timers: timersOf(arm, age, read) }],
    [-100, { kind: "fault-requested", fault: arm.fault, victim: node }],
    [
      300,
      {
        kind: "fault-confirmed",
        gone_ms: [fault_ms - 20, fault_ms + 30],
        evidence: "chassis power status: off",
      },
    ],
  ];
  const seen = story.steps.map(([kind, at]): readonly [number, TrialFact] => [
    at + 500 - fault_ms,
    {
      kind: "control-plane",
      event: {
        kind,
        observed_ms: [at - 500, at + 500],
        node: kind === "node-lost" || kind === "fenced" ? node : heirOf(arm),
        instance: kind === "instance-started" ? "instance-2" : null,
        stamp: null,
        source: "GET /fake",
        raw: null,
      },
    },
  ]);
  return [...facts, ...seen].map(([after, event]) => ({ at_ms: fault_ms + after, event }));
}

function timersOf(
  arm: Arm,
  age: number,
  at_ms: SpanMs,
): Extract<TrialFact, { readonly kind: "timers" }>["timers"] {
  const age_ms = [Math.max(0, age - 50), Math.max(0, age + 50)] as const;
  return arm.desktop.kind === "proxmox"
    ? {
        kind: "proxmox",
        master: "pve1",
        victim_is_master: false,
        lock_age_ms: age_ms,
        crm_age_ms: [0, 10_000],
        lrm_states: { pve1: "idle", pve2: "active", pve3: "idle" },
        nodes: 3,
        token_ms: 3000,
        token_coefficient_ms: 650,
        at_ms,
      }
    : {
        kind: "kubernetes",
        lease_age_ms: age_ms,
        node_monitor_period_ms: 5000,
        node_monitor_grace_ms: 40_000,
        toleration_s: 1,
        start_ms: null,
        at_ms,
      };
}

function closing({ arm, fate }: Request, story: Story): FakeTrial["events"] {
  const facts: TrialFact[] = [];
  if (fate === "never-lost") facts.push({ kind: "never-lost" });
  if (fate === "still-down") {
    facts.push({ kind: "still-down", limit_ms: arm.limits.recovery_ms });
  }
  if (story.back_ms !== null) {
    const whereabouts = { node: heirOf(arm), instance: "instance-2" };
    facts.push({ kind: "answering-again", whereabouts });
  }
  facts.push({ kind: "healed" }, ended("completed", ""));
  return facts.map((event, index) => ({ at_ms: story.end_ms + 1000 + 30_000 * index, event }));
}
