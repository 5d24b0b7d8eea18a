import { describe, expect, it } from "vitest";
import type { Predicted } from "../../../src/analysis/explanation/evidence.ts";
import type { Sample } from "../../../src/model/sample.ts";
import type { Story, ToldTrial } from "./told-trial.ts";
import {
  KILL_MS,
  around,
  eventAt,
  explanationOf,
  kubernetesTimers,
  proxmoxTimers,
  toldAs,
  toldTrial,
} from "./told-trial.ts";

const kubernetes: Story = {
  timers: kubernetesTimers(),
  victim: "worker1",
  heir: "worker2",
  seen: [
    ["node-lost", 37.7],
    ["fencing-started", 42.7],
    ["fenced", 43.8],
    ["node-chosen", 43.9],
    ["instance-started", 45.4],
    ["endpoint-ready", 48.1],
  ],
  back: 48.4,
};

const expectedOnKubernetes: Predicted = {
  recovery_ms: [46_000, 51_000],
  phases_ms: {
    detection: [36_000, 41_000],
    fencing: [6000, 6300],
    placement: [0, 200],
    // As of every trial whose deployment was seen.
    start: null,
    service: null,
  },
  inside: false,
};

/** Of a run that was resumed after the deployment: how long that took is not known, and is assumed. */
const resumed: Story = { ...kubernetes, timers: kubernetesTimers({ start_ms: null }) };
const expectedOfResumed: Predicted = {
  ...expectedOnKubernetes,
  phases_ms: { ...expectedOnKubernetes.phases_ms, start: [1400, 1600], service: [2500, 4000] },
};

const proxmox: Story = {
  timers: proxmoxTimers(),
  victim: "pve2",
  heir: "pve1",
  seen: [
    ["membership-lost", 8],
    ["node-lost", 9.9],
    ["fencing-started", 60],
    ["fenced", 130.2],
    ["node-chosen", 130.2],
    ["instance-started", 133.2],
  ],
  back: 150,
};

const expectedOnProxmox: Predicted = {
  recovery_ms: [145_000, 155_000],
  phases_ms: {
    detection: [8000, 19_000],
    fencing: [108_000, 122_000],
    placement: [0, 100],
    start: [0, 5200],
    service: [16_000, 17_000],
  },
  inside: false,
};

const causesOf = (told: ToldTrial, predicted: Predicted): readonly string[] =>
  explanationOf(told, predicted).causes;

/** The same, with everything from that event on so much later. */
const delayed = (story: Story, from: number, by: number): Story => ({
  ...story,
  seen: story.seen.map(([kind, at]) => [kind, at >= from ? at + by : at] as const),
  back: story.back + by,
});

describe("explainTrial, of a trial outside its prediction", () => {
  it("places trials, and looks for causes only of those outside", () => {
    const told = toldTrial(delayed(kubernetes, 45, 30));
    const placed = (inside: boolean | null) =>
      explanationOf(told, { ...expectedOnKubernetes, inside });
    expect(placed(true)).toMatchObject({ placed: "inside", causes: [] });
    expect(placed(null)).toMatchObject({ placed: "not-predicted", causes: [] });
    expect(placed(false)).toMatchObject({ placed: "outside" });
    expect(placed(false).causes).not.toEqual([]);
  });

  it("suspects an image pull when the container started far later than at the deployment", () => {
    const [first] = causesOf(toldTrial(delayed(kubernetes, 45, 30)), expectedOnKubernetes);
    expect(first).toBe(
      "an image pull on worker2: the container took 27.3 s longer to start than the whole start at the deployment, which took 4 s",
    );
  });

  it("suspects it by what is assumed of a start where the deployment was not seen", () => {
    const [first] = causesOf(toldTrial(delayed(resumed, 45, 30)), expectedOfResumed);
    expect(first).toBe(
      "an image pull on worker2: the container took 29.8 s longer to start than predicted",
    );
  });

  it("suspects a slow start of the desktop when the container ran in time", () => {
    const [first] = causesOf(toldTrial(delayed(kubernetes, 48, 12)), expectedOnKubernetes);
    expect(first).toBe(
      "a slow start of the desktop in its container: to answer took it 10.7 s longer than the whole start at the deployment, which took 4 s",
    );
    const [assumed] = causesOf(toldTrial(delayed(resumed, 48, 12)), expectedOfResumed);
    expect(assumed).toMatch(/: to answer took it 10\.8 s longer than predicted$/u);
  });

  it("says of a start that was quicker that the deployment may have pulled the image", () => {
    const pulled = kubernetesTimers({ start_ms: [20_000, 20_200] });
    const [first] = causesOf(toldTrial({ ...kubernetes, timers: pulled }), expectedOnKubernetes);
    expect(first).toMatch(
      /^the desktop started 15\.\d s sooner than at its deployment, which may have had to pull the image$/u,
    );
  });

  it("says what was assumed too long, and how to set it", () => {
    const quick = { ...proxmox, back: 142 };
    expect(causesOf(toldTrial(quick), expectedOnProxmox)[0]).toBe(
      "the guest answered 7 s sooner than assumed (--set guestBoot=)",
    );
    const slower = {
      ...expectedOfResumed,
      phases_ms: { ...expectedOfResumed.phases_ms, start: [4000, 4200], service: [9000, 10_000] },
    } as const;
    expect(causesOf(toldTrial(resumed), slower)).toEqual([
      "the desktop answered in its container 5.8 s sooner than assumed (--set desktopStart=)",
      "the container ran 2.4 s sooner than assumed (--set containerStart=)",
    ]);
  });

  it("has no cause to name for a start as quick as foretold", () => {
    expect(causesOf(toldTrial(kubernetes), expectedOnKubernetes)).toEqual([]);
    expect(causesOf(toldTrial(resumed), expectedOfResumed)).toEqual([]);
  });

  it("suspects a missing place when the pod was bound late", () => {
    const [first] = causesOf(toldTrial(delayed(kubernetes, 43.9, 20)), expectedOnKubernetes);
    expect(first).toMatch(/^no room on another node/u);
  });

  it("suspects another grace period when the node was missed a multiple too late, and says which fits", () => {
    const [first] = causesOf(toldTrial(delayed(kubernetes, 37, 20)), expectedOnKubernetes);
    expect(first).toBe(
      "another node-monitor-grace-period than assumed: the node was lost 61.7 s after its last renewal, which fits 60 s better than 40 s",
    );
  });

  it("suspects another toleration when the pod was deleted too long after the taint", () => {
    const [first] = causesOf(toldTrial(delayed(kubernetes, 43.8, 29)), expectedOnKubernetes);
    expect(first).toMatch(
      /^another tolerationSeconds than assumed: .* 30\.1 s after the taint, not 1 s$/u,
    );
  });

  it("suspects another token when corosync changed its membership too late", () => {
    const [first] = causesOf(toldTrial(delayed(proxmox, 8, 14)), expectedOnProxmox);
    expect(first).toMatch(/^another totem\.token than assumed: .* after 22 s, .* about 10 s$/u);
  });

  it("suspects a slow boot, or storage, by the phase that was too long", () => {
    const [boot] = causesOf(toldTrial({ ...proxmox, back: 190 }), expectedOnProxmox);
    expect(boot).toMatch(/^a slow boot, or storage that QEMU waited for: .* 39\.\d s longer/u);
    const [start] = causesOf(toldTrial(delayed(proxmox, 133, 25)), expectedOnProxmox);
    expect(start).toMatch(/^storage or busy LRM workers on pve1/u);
  });

  it("suspects the probe when it leaves more open than the prediction", () => {
    const { timers, victim, heir } = kubernetes;
    const events = kubernetes.seen.map(([kind, at]) => eventAt(kind, around(at, 0.05), kubernetes));
    const coarse = toldAs(
      { timers, victim, heir, events, endpoint: "novnc" },
      around(0, 0.1),
      around(60, 8),
    );
    expect(causesOf(coarse, expectedOnKubernetes)).toContain(
      "the probe is too coarse: every 250 ms, it leaves the recovery 16.2 s wide, wider than the prediction",
    );
  });

  it("suspects a gap in what the control plane told", () => {
    const { trial, told } = toldTrial(proxmox);
    const gap = eventAt("observation-gap", [KILL_MS + 90_000, KILL_MS + 120_000], proxmox);
    const [first] = causesOf(
      { trial, told: { ...told, events: [...told.events, gap] } },
      expectedOnProxmox,
    );
    expect(first).toMatch(/^a gap of 30 s in what the control plane told/u);
  });

  it("suspects this machine when attempts did not start in time", () => {
    const { trial, told } = toldTrial(proxmox);
    const samples = Array.from({ length: 100 }, (_, seq) => lateSample(seq, seq < 20));
    const [first] = causesOf({ trial, told: { ...told, samples } }, expectedOnProxmox);
    expect(first).toBe(
      "this machine, or the lab on it, was overloaded: 20 of 100 attempts did not start in time",
    );
  });

  it("suspects a desktop that did not stay, and a victim that took it back", () => {
    const { trial, told } = toldTrial(proxmox);
    const flaps = { ...trial, samples: { ...trial.samples, flaps: 2 } };
    expect(causesOf({ trial: flaps, told }, expectedOnProxmox)[0]).toBe(
      "the desktop answered and was gone again 2 times before it stayed",
    );
    const own = toldTrial({ ...proxmox, heir: "pve2", seen: [["node-returned", 50]], back: 80 });
    expect(causesOf(own, expectedOnProxmox)[0]).toMatch(/^the desktop came back on pve2 itself/u);
  });

  it("puts what could move it most first", () => {
    const slow = delayed(delayed(kubernetes, 48, 12), 45, 30);
    const [first, second] = causesOf(toldTrial(slow), expectedOnKubernetes);
    expect(first).toMatch(/^an image pull/u);
    expect(second).toMatch(/^a slow start/u);
  });
});

const lateSample = (seq: number, late: boolean): Sample => ({
  seq,
  trial: "001-arm-1",
  target: "desktop",
  scheduled_ms: KILL_MS + 1000 + seq * 250,
  started_ms: KILL_MS + 1000 + seq * 250,
  ended_ms: KILL_MS + 1050 + seq * 250,
  result: late
    ? { kind: "unobserved", why: "late", detail: "started 300 ms late" }
    : { kind: "bad", reached: null, failure: { kind: "refused" } },
});
