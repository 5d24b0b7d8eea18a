import { describe, expect, it } from "vitest";
import type { Wait } from "../../../src/model/explanation.ts";
import { wrongSum } from "../../support/wrong-sum.ts";
import type { Story } from "./told-trial.ts";
import {
  KILL_MS,
  eventAt,
  explanationOf,
  kubernetesTimers,
  lengths,
  toldTrial,
  waitNamed,
} from "./told-trial.ts";

/** The Lease was 4 s old, and a pass saw it 1.7 s after its renewal. */
const story: Story = {
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

const tolerationOf = (toleration_s: number | null): Wait =>
  waitNamed(
    explanationOf(toldTrial({ ...story, timers: kubernetesTimers({ toleration_s }) })),
    "toleration",
  );

describe("explainTrial, on Kubernetes", () => {
  it("tells a worker's loss wait by wait, with the settings that own them, and they add up", () => {
    const told = toldTrial(story);
    const explanation = explanationOf(told);
    expect(lengths(explanation)).toEqual([
      ["grace period", 36],
      ["monitor pass", 1.7],
      ["eviction pass", 5],
      ["toleration", 1.1],
      ["new pod", 0.1],
      ["container start", 1.5],
      ["desktop and readiness", 2.7],
      ["routes", 0.3],
      ["probe", 0],
    ]);
    expect(explanation.waits.map(({ setting }) => setting)).toEqual([
      "node-monitor-grace-period = 40 s",
      "node-monitor-period = 5 s",
      "node-monitor-period = 5 s",
      "tolerationSeconds = 1",
      null,
      null,
      null,
      null,
      "probe.period = 250 ms",
    ]);
    expect(waitNamed(explanation, "grace period").source).toContain(
      "node_lifecycle_controller.go:1096",
    );
    expect(wrongSum(explanation, told.trial.durations_ms.recovery ?? [0, 0])).toEqual([]);
  });

  it("counts the grace from the last renewal that the watch saw, not from the one that the timers knew", () => {
    const { trial, told } = toldTrial(story);
    const renewed = eventAt("lease-renewed", [KILL_MS - 600, KILL_MS - 590], story);
    const other = {
      ...renewed,
      node: "worker2",
      observed_ms: [KILL_MS - 100, KILL_MS - 90],
    } as const;
    const events = [renewed, other, ...told.events];
    const seen = trial.instants;
    const later = {
      ...trial,
      instants: { ...seen, node_lost: [KILL_MS + 42_000, KILL_MS + 42_100] as const },
    };
    const explanation = explanationOf({
      trial: later,
      told: { ...told, events: events.filter(({ kind }) => kind !== "node-lost") },
    });
    expect(waitNamed(explanation, "grace period").likely_ms).toBeCloseTo(39_405, 0);
  });

  it("does not split the detection where the stated grace cannot be true", () => {
    const wrong = kubernetesTimers({ node_monitor_grace_ms: 20_000 });
    const told = toldTrial({ ...story, timers: wrong });
    const explanation = explanationOf(told);
    expect(explanation.waits[0]?.name).toBe("grace period + monitor pass");
    expect(wrongSum(explanation, told.trial.durations_ms.recovery ?? [0, 0])).toEqual([]);
  });

  it("has nothing to shorten in a toleration of zero, and no setting where it is unknown", () => {
    expect(tolerationOf(0)).toMatchObject({ setting: "tolerationSeconds = 0", shorten: null });
    expect(tolerationOf(null).setting).toBeNull();
  });
});
